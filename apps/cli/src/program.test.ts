import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { helpOf, leaves } from './command-help.ts';
import { buildProgram } from './program.ts';
import { Session } from './session.ts';
import { bench, idleContext } from './testing/run-cli.ts';

const program = buildProgram(new Session(idleContext));
const commands = [...leaves(program)];

describe('the tree of commands', () => {
  test('has the words that the design fixes for the local mesh', () => {
    const words = 'up down status ui doctor apply get delete diff rollback shift logs inject tap completion version';
    const proxy = ['proxy list', 'proxy config', 'proxy attach', 'proxy status', 'proxy restart', 'proxy scope'];
    const perf = ['perf run', 'perf list', 'perf show', 'perf compare', 'perf delete'];
    const identity = ['list', 'show', 'revoke', 'readmit', 'export', 'rotate-root'].map((word) => `identity ${word}`);
    expect(commands.map(({ path }) => path).sort()).toEqual(
      [...words.split(' '), ...proxy, ...perf, ...identity].sort(),
    );
  });

  test('says in its help which commands need the daemon', async () => {
    const { stdout } = await (await bench({ daemon: false })).meshwise('--help');
    expect(stdout).toContain('Without a daemon work: up, down, doctor, inject, perf run,');
    expect(stdout).toContain('Exit codes: 0 done; 1 the answer is no; 2 wrong usage or bad input; 3 could not.');
  });
});

describe.each(commands)('meshwise $path', ({ path, command }) => {
  test('describes itself, its arguments and its options', () => {
    expect(command.description()).not.toBe('');
    for (const argument of command.registeredArguments) expect(argument.description).not.toBe('');
    for (const option of command.options) expect(option.description).not.toBe('');
  });

  test('has an example and the line about the daemon in its help', async () => {
    const { code, stdout } = await (await bench({ daemon: false })).meshwise(`${path} --help`);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`\nExamples?:\n( {2}\\$ .*\n)*? {2}\\$ .*meshwise ${path}`));
    expect(stdout).toMatch(
      /\n(Needs the daemon|Starts the daemon|Works with and without the daemon|Does not need the daemon)/,
    );
  });

  test('has examples that parse', async () => {
    for (const example of helpOf(command)?.examples ?? []) {
      for (const words of meshwiseCalls(example)) {
        const ran: string[] = [];
        const copy = withoutActions(buildProgram(new Session(idleContext)), ran);
        await copy.parseAsync(words, { from: 'user' });
        expect(ran, example).toHaveLength(1);
      }
    }
  });
});

/** The command lines of ours within a shell line: pipes, substitutions and redirections taken away. */
function meshwiseCalls(line: string): string[][] {
  return line
    .split(/[|]|<\(|\$\(|\)/)
    .map((part) => part.replace(/ > .*/, '').replaceAll(/["']/g, '').trim().split(/\s+/))
    .filter((words) => words[0] === 'meshwise')
    .map((words) => words.slice(1));
}

function withoutActions(root: Command, ran: string[]): Command {
  for (const { path, command } of leaves(root)) command.action(() => void ran.push(path));
  return root;
}
