// `media-stack completion SHELL`: a script for the shell, which asks `media-stack __complete` at each tab.
import { Argument } from 'commander';
import type { Command } from 'commander';

type Shell = 'bash' | 'zsh' | 'fish';

/** Puts `completion` on the program. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and names of the cluster')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: Shell) => {
      const { COMPLETION_SCRIPTS } = await import('./completion-scripts.ts');
      process.stdout.write(COMPLETION_SCRIPTS[shell]);
    });
}

const EXAMPLES = `
Examples:
  source <(media-stack completion bash)
  media-stack completion zsh > "\${fpath[1]}/_media-stack"
  media-stack completion fish > ~/.config/fish/completions/media-stack.fish

kubectl media-stack completes by itself once kubectl's own completion is loaded (kubectl completion --help) and
kubectl_complete-media_stack, which comes with this package, is on the PATH.

Exit codes: 0 printed, 2 could not run.
`;
