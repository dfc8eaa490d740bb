import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { above, namedPaths } from './named-paths.ts';
import { testTitles } from './test-titles.ts';

export interface NamedTest {
  readonly file: string;
  readonly name: string;
  readonly kind: string;
  /** What the name says of it: `servers.tls.mode`. */
  readonly fields: readonly string[];
  readonly source: string;
}

const SKIPPED = new Set(['node_modules', 'gen', 'dist']);

/** Tests that begin with a kind, or stand in a group that does, and go on with its fields. */
export function namedTests(root: string, kinds: readonly string[]): readonly NamedTest[] {
  // The longest first: a label may begin with the name of another kind.
  const longest = [...kinds].sort((a, b) => b.length - a.length);
  return ['packages', 'apps']
    .flatMap((folder) => testFiles(join(root, folder)))
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      if (!kinds.some((kind) => text.includes(`'${kind}`))) return [];
      const file = relative(root, path);
      return testTitles(path, text).flatMap(({ groups, title, source }): NamedTest[] => {
        const of = (words: string) => longest.find((kind) => words === kind || words.startsWith(`${kind} `));
        const own = of(title);
        const kind = own ?? groups.map(of).findLast((found) => found !== undefined);
        if (kind === undefined) return [];
        const name = own === undefined ? title : title.slice(kind.length + 1);
        return [{ file, name, kind, fields: namedPaths(name), source }];
      });
    });
}

function testFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** What is shown rather than another: real proxies, then what proxies are told, then what is read. */
const STRENGTH: readonly RegExp[] = [/\/control-plane\//, /^packages\/xds\//, /\/plans\//];

/** The test of a field among those of its kind. */
export function testOf(field: string, tests: readonly NamedTest[]): NamedTest | undefined {
  const strength = ({ file }: NamedTest) => [...STRENGTH, /./].findIndex((pattern) => pattern.test(file));
  return tests
    .flatMap((test) => {
      const distance = distanceTo(field, test);
      return distance === undefined ? [] : [{ test, order: strength(test) * FARTHEST + distance }];
    })
    .reduce<{ test: NamedTest; order: number } | undefined>(
      (best, one) => (best === undefined || one.order < best.order ? one : best),
      undefined,
    )?.test;
}

const FARTHEST = 10;
/** How far above a field a name may stop. */
const STEPS_ABOVE = 3;

/**
 * Zero when a name of the test is the field or below it; how far above otherwise, provided that the rest of the path is
 * written in the test: one that is named `http.corsPolicy` is about `allowOrigins` only if it says so.
 */
function distanceTo(field: string, { fields, source }: NamedTest): number | undefined {
  if (fields.some((path) => path === field || path.startsWith(`${field}.`))) return 0;
  const outer = above(field).slice(0, STEPS_ABOVE);
  const index = outer.findIndex((path) => {
    const rest = field.slice(path.length + 1).split('.');
    return fields.includes(path) && rest.every((step) => new RegExp(`\\b${step}\\b`).test(source));
  });
  return index < 0 ? undefined : index + 1;
}
