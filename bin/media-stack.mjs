#!/usr/bin/env node
// In a checkout the sources run as they are. Node strips no types below node_modules
// (ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING): an installed package runs the bundle that `npm pack` has made.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `Error: media-stack needs Node 22.19 or newer, this is ${process.versions.node}.\n` +
      '  mend: run it with npx in a checkout after npm ci, which brings a Node 24, or install a newer Node.\n',
  );
  process.exit(2);
}
const isInstalled = import.meta.url.includes('/node_modules/');
await import(isInstalled ? '../dist/media-stack.mjs' : '../src/cli/main.ts');
