import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { oraclePage } from './cluster/page.ts';
import { ROOT } from './support/source-files.ts';

test('docs/oracle.md is what `npm run docs` makes of the fixtures and the list of differences', () => {
  expect(readFileSync(join(ROOT, 'docs', 'oracle.md'), 'utf8')).toBe(oraclePage());
});
