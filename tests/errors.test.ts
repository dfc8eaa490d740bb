import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, type CatalogueEntry, MeshwiseError } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import { errorsPage } from '../docs/tools/errors-page.ts';
import { HOUSE } from './support/house.ts';
import { isTestCode, ROOT, sourceFiles } from './support/source-files.ts';

const entries = Object.entries<CatalogueEntry>(CATALOGUE);
const codes = entries.map(([code]) => code);
const files = HOUSE.filter(({ folder }) => folder !== 'tests').flatMap(({ folder }) => sourceFiles(folder));
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the catalogue of errors', () => {
  test('is what docs/errors.md says; `npm run docs` writes it', () => {
    expect(text('docs/errors.md')).toBe(errorsPage());
  });

  test('has a line on the page for each code', () => {
    const lines = errorsPage().split('\n');
    for (const code of codes)
      expect(
        lines.filter((line) => line.startsWith(`| <a id="${code.toLowerCase()}"></a>${code} `)),
        code,
      ).toHaveLength(1);
  });

  test('is in the order of the codes', () => {
    expect(codes).toEqual([...codes].sort());
  });

  test('has every code that any source or page names', () => {
    const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/guarantees.md'];
    const named = [...files.map(({ path }) => path), ...pages].flatMap((path) =>
      [...text(path).matchAll(/\bMW\d{4}\b/g)].map(([code]) => `${code} in ${path}`),
    );
    expect(named.length).toBeGreaterThan(codes.length);
    expect(named.filter((one) => !codes.includes(one.slice(0, 6)))).toEqual([]);
  });

  test('has no code that nothing reports', () => {
    const shipped = files.filter(({ path }) => !isTestCode(path) && !path.startsWith('packages/core/src/catalogue'));
    const reported = new Set(shipped.flatMap(({ syntax }) => syntax.strings.map((place) => place.text)));
    expect(codes.filter((code) => !reported.has(code))).toEqual([]);
  });

  test.each(entries)('tells what %s is and what to do', (_code, { title, advice }) => {
    expect(title).toMatch(/^\S.{5,60}[^.\s]$/);
    expect(advice).toMatch(/^\S.{15,}\.$/);
    expect(advice).not.toBe(title);
  });

  test.each(entries)('gives %s the exit code of its kind', (code, { exitCode, httpStatus }) => {
    const allowed = { MW0: [3], MW1: [1, 2], MW7: [2] }[code.slice(0, 3)] ?? [1, 2, 3];
    expect(allowed).toContain(exitCode);
    // Whoever is told to correct the input is told so over HTTP as well; 5xx is not the caller's to mend.
    if (exitCode !== 3) expect([httpStatus >= 400, httpStatus < 500]).toEqual([true, true]);
    expect(new MeshwiseError(code as keyof typeof CATALOGUE, 'x')).toMatchObject({ exitCode, httpStatus });
  });
});
