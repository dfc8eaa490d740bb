import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hashOf, sourcesOf } from './stamp.mjs';

function tree(files: Readonly<Record<string, string>>): { root: string; write: (path: string, text: string) => void } {
  const root = mkdtempSync(join(tmpdir(), 'meshwise-stamp-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { root, write };
}

test('the hash follows content and names, and neither times, tests nor build output', () => {
  const { root, write } = tree({ 'web/a.ts': 'a', 'web/deep/b.ts': 'b' });
  const first = hashOf(root, ['web']);
  write('web/a.ts', 'a');
  write('web/a.test.ts', 'x');
  write('web/dist/index.html', 'x');
  write('web/node_modules/p/index.js', 'x');
  expect(hashOf(root, ['web'])).toBe(first);
  write('web/c.ts', '');
  const second = hashOf(root, ['web']);
  write('web/a.ts', 'aa');
  expect(new Set([first, second, hashOf(root, ['web'])]).size).toBe(3);
  expect(hashOf(root, ['web', 'not/there'])).toBe(hashOf(root, ['web']));
});

test('a page is built from its own workspace and from those it depends on, however far', () => {
  const manifest = (name: string, ...dependencies: string[]) =>
    JSON.stringify({ name, dependencies: Object.fromEntries(dependencies.map((one) => [one, '1.0.0'])) });
  const { root } = tree({
    'package.json': JSON.stringify({ workspaces: ['apps/web', 'packages/api', 'packages/core', 'packages/xds'] }),
    'apps/web/package.json': manifest('@meshwise/web', '@meshwise/api', 'react'),
    'packages/api/package.json': manifest('@meshwise/api', '@meshwise/core'),
    'packages/core/package.json': manifest('@meshwise/core'),
    'packages/xds/package.json': manifest('@meshwise/xds', '@meshwise/core'),
  });
  expect(sourcesOf(root, 'apps/web')).toEqual(['apps/web', 'packages/api', 'packages/core']);
});
