import { spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult } from '../report/result.ts';
import { seededRandom } from '../stats/random.ts';
import { LIMITS } from './catalogue/limits.ts';
import { MESH_WIDE } from './catalogue/mesh-wide.ts';
import { OBSERVING } from './catalogue/observing.ts';
import { ROUTING } from './catalogue/routing.ts';
import { SECURITY } from './catalogue/security.ts';
import { type ExperimentShape, experiment, type Outcome } from './experiment.ts';
import type { TrafficFunction } from './function.ts';
import { Site } from './site.ts';
import { table } from './table.ts';

const FULL: ExperimentShape = { rounds: 6, switchMs: 30_000, rps: 500, durationMs: 1_500, warmUpMs: 500 };
const SMALL: ExperimentShape = { rounds: 2, switchMs: 30_000, rps: 100, durationMs: 1_000, warmUpMs: 500 };
const ALL: readonly TrafficFunction[] = [...ROUTING, ...OBSERVING, ...LIMITS, ...MESH_WIDE, ...SECURITY];
const SMALL_NAMES = ['header operations', 'local rate limit'];
const SEED = 5;
/** When the mesh does not start twice in a row, it will not for the next function either. */
const MOST_FAILED_STARTS = 2;

export const functions: Bench = {
  name: 'functions',
  description: 'what each traffic function costs on the data path, on against off',
  run,
};

async function run({ small, log, keep }: BenchOptions): Promise<BenchResult> {
  const shape = small ? SMALL : FULL;
  const random = seededRandom(SEED);
  const outcomes: Outcome[] = [];
  const wanted = chosen(small);
  let site: Site | undefined;
  let failedStarts = 0;
  try {
    for (const [index, one] of wanted.entries()) {
      log(`${index + 1} of ${wanted.length}: ${one.name}`);
      site ??= await Site.open().catch((error: unknown) => {
        log(`the mesh did not start: ${String(error)}`);
        return undefined;
      });
      failedStarts = site === undefined ? failedStarts + 1 : 0;
      if (failedStarts === MOST_FAILED_STARTS) break;
      const outcome =
        site === undefined
          ? { name: one.name, problem: 'the mesh did not start', conditions: [], blocks: [] }
          : await experiment(site, one, shape, random, log);
      outcomes.push(outcome);
      log(outcome.problem ?? `shown by: ${outcome.evidence}`);
      await keep(resultOf(outcomes, shape));
      site = site === undefined ? undefined : await asBefore(site, log);
    }
  } finally {
    await site?.close();
  }
  return resultOf(outcomes, shape);
}

/** A mesh that does not come back to what it was is given up, and the next function gets a new one. */
async function asBefore(site: Site, log: (text: string) => void): Promise<Site | undefined> {
  try {
    await site.reset();
    return site;
  } catch (error) {
    log(`a new mesh, since ${String(error)}; the daemon said: ${await site.lastWords()}`);
    await site.close().catch(() => undefined);
    return undefined;
  }
}

/** Functions whose names hold a word of `MESHWISE_BENCH_FUNCTIONS` (commas between), else all, or two for a small run. */
function chosen(small: boolean): readonly TrafficFunction[] {
  const words = process.env['MESHWISE_BENCH_FUNCTIONS']?.split(',') ?? (small ? SMALL_NAMES : ['']);
  return ALL.filter(({ name }) => words.some((word) => name.includes(word.trim())));
}

function resultOf(outcomes: readonly Outcome[], { rounds, rps, durationMs }: ExperimentShape): BenchResult {
  const conditions = outcomes.flatMap((one) => one.conditions.map((condition) => `${one.name}: ${condition}`));
  return {
    tables: [table(outcomes)],
    notes: [
      withoutAny(outcomes),
      ...untrusted(outcomes),
      `${rounds} rounds for each function, in each of them off and on once in random order, ${rps} requests a second for ${durationMs / 1_000} s by the product’s own load test from a pod beside the server; differences are taken within rounds.`,
      'CPU is that of the client’s and the server’s sidecar together. What other proxies do for a function (a mirror’s target, a collector) and the rate-limit service’s own work are not in it.',
      'A function is measured only after it was seen to be on, and after switching off to be off; how it showed is in the JSON.',
      ...conditions.map((condition) => `What the mesh says of a manifest: ${condition}`),
    ],
    details: outcomes,
  };
}

/** What load tests said of themselves. */
function untrusted(outcomes: readonly Outcome[]): readonly string[] {
  const verdicts = outcomes.flatMap(({ blocks }) => blocks.flatMap(({ off, on }) => [off.trust, on.trust]));
  const bad = verdicts.filter((verdict) => verdict === 'do not trust').length;
  const doubtful = verdicts.filter((verdict) => verdict === 'doubt').length;
  if (bad + doubtful === 0) return [];
  return [
    `Of ${verdicts.length} blocks ${bad} are not to be trusted and ${doubtful} are doubtful by the load test’s own judgement.`,
  ];
}

/** What the figures are added to. */
function withoutAny(outcomes: readonly Outcome[]): string {
  const without = outcomes.flatMap(({ figures }) => figures?.without ?? []);
  const [p50Ms, cpuMs] = [
    spread(without.flatMap(({ p50Ms: { value } }) => value ?? [])),
    spread(without.flatMap(({ cpuMsPer1000Requests: { value } }) => value ?? [])),
  ];
  return `With the function off: p50 ${p50Ms} ms, CPU of both sidecars ${cpuMs} ms per 1,000 requests; median (least–most) over the functions.`;
}
