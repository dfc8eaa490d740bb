import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../testing/full-disk.ts', import.meta.url));
const OWN_MOUNTS = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

function canMount(): boolean {
  try {
    execFileSync('unshare', [...OWN_MOUNTS, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canMount())('a store on a disk that can be mounted (unshare --mount)', () => {
  it('says that the disk is full, keeps all it has acknowledged, and goes on when there is room; says what is read-only', () => {
    const directory = mkdtempSync(join(tmpdir(), 'meshwise-store-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const said = execFileSync('unshare', [...OWN_MOUNTS, process.execPath, PROGRAM, directory], { encoding: 'utf8' });
    const { written, ...outcome } = JSON.parse(said) as { readonly written: number };
    expect(written).toBeGreaterThan(10);
    const full = 'MW8102: /results.sqlite: the disk is full';
    expect(outcome).toEqual({
      full: [full, full, full],
      readWhenFull: written,
      readWithRoom: written + 1,
      readOnly: 'MW8102: /results.sqlite: it is on a read-only file system',
    });
  });
});
