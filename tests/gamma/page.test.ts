import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/source-files.ts';
import { gammaPage, titles, UPSTREAM } from './page.ts';

test('docs/gamma.md is what `npm run docs` makes of the titles of our tests', () => {
  expect(readFileSync(join(ROOT, 'docs', 'gamma.md'), 'utf8')).toBe(gammaPage());
});

test('each mesh test of the suite has one of ours, and no test of ours has another name', () => {
  expect([...titles().keys()].sort()).toEqual(UPSTREAM.map(({ name }) => name).sort());
});
