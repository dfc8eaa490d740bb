import { Argument, Command } from 'commander';
import { describe } from '../command-help.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CompletionNode, completionTree } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Session } from '../session.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (nodes: readonly CompletionNode[]) => string
>;

export function completionCommand(session: Session): Command {
  const command = new Command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => {
      session.context.stdout.write(SHELLS[shell](completionTree(rootOf(command))));
    });
  return describe(command, {
    daemon: 'unused',
    examples: [
      'source <(meshwise completion bash)',
      'meshwise completion zsh > ~/.zfunc/_meshwise',
      'meshwise completion fish | source',
    ],
  });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
