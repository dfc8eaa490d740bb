import { describe, expect, test } from 'vitest';
import { HOUSE } from './support/house.ts';
import { isTestCode, sourceFiles } from './support/source-files.ts';
import { readSyntax, type Syntax } from './support/syntax.ts';

const READS_TIME =
  /^(Date\.now|new Date\(\)|performance\.now|performance\.timeOrigin|process\.hrtime|process\.uptime)$/;
const TIMERS = /^((window|globalThis)\.)?(setTimeout|setInterval)$/;
const TIMER_MODULES = /^node:timers(\/promises)?$/;

/** Who may look at the time or wait without a Clock, and why. Paths, or beginnings of paths that end with a slash. */
const EXEMPT: Readonly<Record<string, string>> = {
  'packages/core/src/clock.ts': 'is the clock',
  'packages/load/src/engine/time-source.ts': 'reads nanoseconds, where the clock has milliseconds',
  'samples/': 'programs of their own, as anybody would write them, without a line of ours',
  'bench/': 'measures time that passes',
  'scripts/': 'begin before anything of ours is there, and tell how long their steps took',
  'tests/': 'start real programs and wait for them',
  'tools/': 'build and start real programs, and wait for them',
};

function violations(path: string, { globals, imports }: Syntax): string[] {
  const told = globals.filter(({ text }) => READS_TIME.test(text) || TIMERS.test(text));
  const modules = imports.filter(({ specifier }) => TIMER_MODULES.test(specifier));
  return [
    ...told.map(({ text, line }) => `${path}:${line}: ${text}`),
    ...modules.map(({ specifier, line }) => `${path}:${line}: ${specifier}`),
  ];
}

/** Time is a dependency, so that tests decide how it passes (`Clock` of packages/core). */
describe('time', () => {
  const files = HOUSE.flatMap(({ folder }) => sourceFiles(folder));
  const isExempt = (path: string) =>
    Object.keys(EXEMPT).some((one) => path === one || (one.endsWith('/') && path.startsWith(one)));

  test('comes from the clock that is given, and from nowhere else', () => {
    const bound = files.filter(({ path }) => !isTestCode(path) && !isExempt(path));
    expect(bound.length).toBeGreaterThan(100);
    expect(bound.flatMap(({ path, syntax }) => violations(path, syntax))).toEqual([]);
  });

  test('is read by the clock itself, so that the search is known to find something', () => {
    const clock = files.find(({ path }) => path === 'packages/core/src/clock.ts');
    expect(clock === undefined ? [] : violations(clock.path, clock.syntax)).not.toEqual([]);
  });

  test.each([
    ['Date.now()', ['f.ts:1: Date.now']],
    ['const at = new Date();', ['f.ts:1: new Date()']],
    ['\nsetTimeout(() => {}, 1);', ['f.ts:2: setTimeout']],
    ['const wait = setInterval;', ['f.ts:1: setInterval']],
    ['window.setTimeout(f, 1);', ['f.ts:1: window.setTimeout']],
    ["import { setTimeout as sleep } from 'node:timers/promises';", ['f.ts:1: node:timers/promises']],
    ['performance.now();', ['f.ts:1: performance.now']],
    // None of these looks at the time of the machine.
    ['new Date(nowMs).toISOString();', []],
    ['socket.setTimeout(0);', []],
    ['// Date.now() would be wrong here\nconst text = "setTimeout";', []],
    ['interface Timers { setTimeout(callback: () => void): void }', []],
  ])('is looked for in %j', (text, expected) => {
    expect(violations('f.ts', readSyntax('f.ts', text))).toEqual(expected);
  });
});
