import type { Command } from 'commander';

/** Whether a command needs the daemon, as its help says it. */
export type DaemonNeed = 'needed' | 'started' | 'optional' | 'unused';

const SENTENCES: Readonly<Record<DaemonNeed, string>> = {
  needed: 'Needs the daemon (start it with `meshwise up`).',
  started: 'Starts the daemon.',
  optional: 'Works with and without the daemon.',
  unused: 'Does not need the daemon.',
};

export interface CommandHelp {
  readonly daemon: DaemonNeed;
  /** Command lines that work as they stand; a test parses each of them. */
  readonly examples: readonly string[];
  /** Meaning of the exit codes where it is not the general one. */
  readonly exit?: string;
}

const helps = new WeakMap<Command, CommandHelp>();

/** Adds the parts that every command's help has: examples, the daemon line and, where special, the exit codes. */
export function describe(command: Command, help: CommandHelp): Command {
  helps.set(command, help);
  const heading = help.examples.length === 1 ? 'Example:' : 'Examples:';
  const examples = help.examples.map((line) => `  $ ${line}`).join('\n');
  const exit = help.exit === undefined ? '' : `\n${help.exit}`;
  return command.addHelpText('after', `\n${heading}\n${examples}\n\n${SENTENCES[help.daemon]}${exit}`);
}

export function helpOf(command: Command): CommandHelp | undefined {
  return helps.get(command);
}

/** Commands with something to run, with their words: `proxy status`. Groups such as `proxy` are left out. */
export function* leaves(
  command: Command,
  words: readonly string[] = [],
): Generator<{ path: string; command: Command }> {
  for (const child of command.commands) {
    const path = [...words, child.name()];
    if (child.commands.length > 0) yield* leaves(child, path);
    else yield { path: path.join(' '), command: child };
  }
}

/** The line of the root help that says which commands need the daemon. */
export function daemonSummary(program: Command): string {
  const without = [...leaves(program)].filter(({ command }) => helps.get(command)?.daemon !== 'needed');
  return `Without a daemon work: ${without.map(({ path }) => path).join(', ')}. All others need it (\`meshwise up\`).`;
}
