import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../setup/run-command.ts';
import { HotRestartVersions, programOf } from './hot-restart-version.ts';

let root: string;
let asked: string[];
let versions: HotRestartVersions;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hr-'));
  asked = [];
  versions = new HotRestartVersions((file, args, options) => {
    asked.push(file);
    return runCommand(file, args, options);
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function program(name: string, hotRestart = 'echo 11.104 >&2', version = '1.40.0'): Promise<string> {
  const path = join(root, name);
  const body = `#!/bin/sh\n[ "$1" = --hot-restart-version ] && ${hotRestart} || echo "$0  version: a1/${version}/Clean"\n`;
  await writeFile(path, body, { mode: 0o755 });
  return path;
}

test('two programs agree when they name the same version of everything, and each is asked once', async () => {
  const [one, other] = [await program('one'), await program('other')];
  expect([await versions.agree(one, other), await versions.agree(other, one)]).toEqual([true, true]);
  expect(asked.sort()).toEqual([one, one, other, other].sort());
});

test('they do not when one names another hot restart, another release, or nothing', async () => {
  const one = await program('one');
  expect(await versions.agree(one, await program('newer', 'echo 12.104'))).toBe(false);
  expect(await versions.agree(one, await program('older', 'echo 11.104', '1.39.0'))).toBe(false);
  expect(await versions.agree(await program('mute', 'exit 1'), await program('silent', 'exit 1'))).toBe(false);
  expect(await versions.agree(one, join(root, 'missing'))).toBe(false);
});

test('a program that was put into the place of another is asked anew', async () => {
  const [one, other] = [await program('one'), await program('other')];
  expect(await versions.agree(one, other)).toBe(true);
  await rm(other);
  await program('other', 'echo 12.104');
  expect(await versions.agree(one, other)).toBe(false);
});

test('the program of a process is the same file, and is not run to find that out', async () => {
  expect(await versions.agree(programOf(process.pid), process.execPath)).toBe(true);
  expect(asked).toEqual([]);
});
