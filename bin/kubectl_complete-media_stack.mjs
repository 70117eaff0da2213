#!/usr/bin/env node
// What kubectl runs for `kubectl media-stack <TAB>` (k8s.io/kubectl, pkg/cmd/plugin/plugin_completion.go).
process.argv.splice(2, 0, '__complete');
await import('./media-stack.mjs');
