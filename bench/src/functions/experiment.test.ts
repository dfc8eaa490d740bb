import { describe, expect, test } from 'vitest';
import { seededRandom } from '../stats/random.ts';
import { type ExperimentShape, experiment, type Ground } from './experiment.ts';
import type { TrafficFunction } from './function.ts';

const SHAPE: ExperimentShape = { rounds: 3, switchMs: 0, rps: 1, durationMs: 1, warmUpMs: 0 };

/** A mesh that only remembers what it was told, and where every load test fails to start. */
function ground(refusal?: string) {
  const did: string[] = [];
  const note = async <Result>(what: string, result: Result) => {
    did.push(what);
    return result;
  };
  const startRun = () => note('load', undefined).then(() => Promise.reject(new Error('no pod for it')));
  const site = {
    apply: (text: string) => note(`apply ${text}`, refusal === undefined ? [] : Promise.reject(new Error(refusal))),
    restore: () => note('restore', undefined),
    inStep: async () => true,
    isQuiet: async () => true,
    client: { startRun },
    probes: {},
  } as unknown as Ground;
  return { did, site };
}

function run(site: Ground, evidence: TrafficFunction['evidence'], shape = SHAPE) {
  return experiment(site, { name: 'one', on: 'yaml', evidence }, shape, seededRandom(1), () => {});
}

describe('a function is not measured', () => {
  test('when it never shows', async () => {
    const { site, did } = ground();
    expect(await run(site, async () => undefined)).toMatchObject({
      problem: expect.stringContaining('to see that it is on'),
      blocks: [],
    });
    expect(did).toEqual(['restore', 'apply yaml']);
  });

  test('when it shows before it is switched on', async () => {
    const { site, did } = ground();
    const { problem } = await run(site, async () => 'always');
    expect(problem).toContain('to see that it is off');
    expect(did).toEqual(['restore']);
  });

  test('when the mesh refuses its manifest, and says why', async () => {
    const { site } = ground('spec.http[0]: is no route');
    expect((await run(site, async () => undefined)).problem).toBe('spec.http[0]: is no route');
  });
});

test('a function whose blocks fail is given up after two rounds, each tried twice', async () => {
  const { site, did } = ground();
  const isOn = async () => (did.findLast((what) => what !== 'load') === 'apply yaml' ? 'it shows' : undefined);
  const outcome = await run(site, isOn, { ...SHAPE, rounds: 9 });
  expect(outcome).toMatchObject({ evidence: 'it shows', problem: 'no pod for it', blocks: [] });
  expect(outcome.figures).toBeUndefined();
  expect(did.filter((what) => what === 'load')).toHaveLength(4);
});
