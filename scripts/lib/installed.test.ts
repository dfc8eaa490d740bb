import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isInstalled, lockMatches } from './installed.mjs';

const locked = {
  '': { version: '0.1.0' },
  'packages/core': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/only-mac': { version: '2.0.0', integrity: 'sha512-m', optional: true },
};
const installed = {
  'packages/core': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
};

describe('whether node_modules holds what the lock says', () => {
  test('it does, also without optional packages for other platforms', () => {
    expect(lockMatches(locked, installed)).toBe(true);
  });

  test.each([
    ['a package is missing', { 'packages/core': { version: '0.1.0' } }],
    ['another version is there', { ...installed, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['other bytes are there', { ...installed, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
    [
      'an optional package is there in another version',
      { ...installed, 'node_modules/only-mac': { version: '1.9.0' } },
    ],
    ['a package is there that the lock does not have', { ...installed, 'node_modules/old': { version: '1.0.0' } }],
  ])('it does not when %s', (_, found) => {
    expect(lockMatches(locked, found)).toBe(false);
  });

  test('it does not on a fresh clone, nor without the pinned Node', () => {
    const root = mkdtempSync(join(tmpdir(), 'meshwise-lock-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const lock = JSON.stringify({ packages: locked });
    writeFileSync(join(root, 'package-lock.json'), lock);
    expect(isInstalled(root)).toBe(false);
    mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), lock);
    expect(isInstalled(root)).toBe(false);
    writeFileSync(join(root, 'node_modules', '.bin', 'node'), '');
    expect(isInstalled(root)).toBe(true);
    writeFileSync(join(root, 'package-lock.json'), 'half of a lo');
    expect(isInstalled(root)).toBe(false);
  });
});
