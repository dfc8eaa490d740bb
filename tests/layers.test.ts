import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BEFORE_INSTALL, HOUSE } from './support/house.ts';
import {
  bootstrap,
  browser,
  computedImports,
  declarations,
  directions,
  entries,
  type Manifest,
  type Repository,
  shippedCode,
  unusedDeclarations,
} from './support/layer-rules.ts';
import { ROOT, sourceFiles } from './support/source-files.ts';
import { readSyntax } from './support/syntax.ts';

const RULES = { directions, entries, declarations, unusedDeclarations, shippedCode, browser, bootstrap };

/** Imports whose target the source does not name, and why that must be. */
const COMPUTED_IMPORTS: Readonly<Record<string, string>> = {
  'apps/cli/bin/meshwise.mjs':
    'names the program by an address, so that nothing of it is loaded by a Node that is too old',
};

const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest & { workspaces: string[] };

function ourRepository(): Repository {
  const manifest = (folder: string) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
  const manifests = new Map([['', root as Manifest], ...root.workspaces.map((at) => [at, manifest(at)] as const)]);
  const files = HOUSE.flatMap(({ folder }) => sourceFiles(folder));
  return { house: HOUSE, manifests, files, beforeInstall: BEFORE_INSTALL };
}

describe('the house', () => {
  const repository = ourRepository();

  test('has a room for every workspace', () => {
    expect(HOUSE.map(({ folder }) => folder)).toEqual(expect.arrayContaining(root.workspaces));
  });

  test('is read: every room that has packages has sources, and they import something', () => {
    for (const folder of ['packages/core', 'packages/platform', 'apps/server', 'apps/web', 'samples/bookinfo']) {
      const files = repository.files.filter(({ path }) => path.startsWith(`${folder}/`));
      expect(files.flatMap(({ syntax }) => syntax.imports).length, folder).toBeGreaterThan(3);
    }
  });

  test('uses rooms in one direction only', () => {
    const order = new Map(HOUSE.map(({ folder }, index) => [folder, index]));
    for (const { folder, uses } of HOUSE) {
      for (const used of uses) expect(order.get(used), `${folder} → ${used}`).toBeLessThan(order.get(folder) ?? 0);
    }
  });

  test.each(Object.entries(RULES))('keeps to its rule on %s', (_name, rule) => {
    expect([...rule(repository)]).toEqual([]);
  });

  test('computes the target of an import only where there is a reason', () => {
    expect([...new Set(computedImports(repository))].sort()).toEqual(Object.keys(COMPUTED_IMPORTS));
  });
});

describe('a house with a crack', () => {
  const manifests = new Map<string, Manifest>([
    ['', { devDependencies: { vitest: '1' } }],
    ['packages/base', { name: '@x/base', exports: { '.': './src/index.ts', './testing': './src/testing.ts' } }],
    ['packages/left', { name: '@x/left', exports: { '.': './src/index.ts' }, dependencies: { '@x/base': '1' } }],
    [
      'packages/right',
      { name: '@x/right', exports: { '.': './src/index.ts' }, dependencies: { '@x/base': '1', yaml: '2' } },
    ],
  ]);
  const house = [
    { folder: 'packages/base', uses: [], browser: true as const, separate: ['src/a', 'src/b'] },
    { folder: 'packages/left', uses: ['packages/base'] },
    { folder: 'packages/right', uses: ['packages/base'] },
    { folder: 'scripts', uses: [] },
  ];
  const use = "import '@x/base';";
  const sound = { 'packages/left/src/index.ts': use, 'packages/right/src/index.ts': use };

  function broken(sources: Readonly<Record<string, string>>): string[] {
    const files = Object.entries({ ...sound, ...sources }).map(([path, text]) => ({
      path,
      syntax: readSyntax(path, text),
    }));
    const repository = { house, manifests, files, beforeInstall: ['scripts/'] };
    return Object.values(RULES).flatMap((rule) => [...rule(repository)]);
  }

  test('is found sound when it is', () => {
    expect(
      broken({ 'packages/right/src/more.ts': "import { parse } from 'yaml'; import type { T } from '@x/base';" }),
    ).toEqual([]);
    expect(
      broken({ 'packages/left/src/one.test.ts': "import { test } from 'vitest'; import '@x/base/testing';" }),
    ).toEqual([]);
    expect(broken({ 'packages/left/src/talk.ts': "// import '@x/right'\nconst text = `import '@x/right'`;" })).toEqual(
      [],
    );
  });

  test.each([
    [
      'a sibling',
      'packages/left/src/a.ts',
      "import type { T } from '@x/right';",
      'packages/left must not use packages/right',
    ],
    [
      'the wrong direction',
      'packages/base/src/a.ts',
      "export { T } from '@x/left';",
      'packages/base must not use packages/left',
    ],
    [
      'a dynamic import',
      'packages/left/src/a.ts',
      "\nconst m = await import('@x/right');",
      'a.ts:2: packages/left must not use',
    ],
    [
      'an import type',
      'packages/left/src/a.ts',
      "type T = typeof import('@x/right');",
      'packages/left must not use packages/right',
    ],
    [
      'a path into a sibling',
      'packages/left/src/a.ts',
      "import '../../right/src/b.ts';",
      'by path into packages/right/src/b.ts',
    ],
    ['a path to the root', 'packages/left/src/a.ts', "import '../../../package.json';", 'by path into package.json'],
    ['folders kept apart', 'packages/base/src/a/x.ts', "import '../b/y.ts';", 'src/a must not use src/b'],
    [
      'an entry that is none',
      'packages/left/src/a.ts',
      "import '@x/base/src/deep.ts';",
      '@x/base exports no ./src/deep.ts',
    ],
    [
      'an undeclared package',
      'packages/left/src/a.ts',
      "import 'yaml';",
      'packages/left/package.json does not declare yaml',
    ],
    ['a tool in what ships', 'packages/left/src/a.ts', "import 'vitest';", 'does not declare vitest'],
    ['a helper of tests in what ships', 'packages/left/src/a.ts', "import './testing.ts';", 'what ships must not use'],
    [
      'tests of another in what ships',
      'packages/left/src/a.ts',
      "import '@x/base/testing';",
      'what ships must not use',
    ],
    ['Node where a page loads', 'packages/base/src/index.ts', "import 'node:fs';", "node:fs is Node's"],
    ["Node's globals there", 'packages/base/src/index.ts', 'export const e = process.env;', "process is Node's"],
    ['a package before installation', 'scripts/go.mjs', "import '@x/base';", 'may not be there'],
  ])('shows %s', (_name, path, text, message) => {
    expect(broken({ [path]: text })).toContainEqual(expect.stringContaining(message));
  });

  test('shows Node behind a page at any distance', () => {
    const index = "export { a } from './a.ts';";
    const found = broken({
      'packages/base/src/index.ts': index,
      'packages/base/src/a.ts': "import { x } from 'node:os';",
    });
    expect(found).toEqual(["packages/base/src/a.ts:1: a page loads this, and node:os is Node's"]);
  });

  test('shows a declaration that nobody uses', () => {
    expect(broken({ 'packages/left/src/index.ts': '' })).toEqual([
      'packages/left/package.json declares @x/base and does not use it',
    ]);
  });
});
