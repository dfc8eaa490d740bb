import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/meshwise.mjs', import.meta.url));

/** The Node that the machine brings, where it is another than the pinned one: what users start with. */
const machineNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() !== process.version,
);
const nodes = [process.execPath, ...(machineNode === undefined ? [] : [machineNode])];

describe.each(nodes)('bin/meshwise.mjs started by %s', (node) => {
  const start = (...args: string[]) => spawnSync(node, [bin, ...args], { encoding: 'utf8' });

  test('runs on the pinned Node', () => {
    const { status, stdout } = start('version', '-o', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ node: process.versions.node });
  });

  test('passes arguments and the exit code through', () => {
    const { status, stdout, stderr } = start('nonsense', '--with', 'a b');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("unknown command 'nonsense'");
  });

  test('without the pinned Node says what to run', () => {
    const directory = mkdtempSync(join(tmpdir(), 'meshwise-bin-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    mkdirSync(join(directory, 'bin'));
    cpSync(bin, join(directory, 'bin', 'meshwise.mjs'));
    const { status, stderr } = spawnSync(node, [join(directory, 'bin', 'meshwise.mjs')], { encoding: 'utf8' });
    expect(status).toBe(3);
    expect(stderr).toContain('`npm install`');
  });
});
