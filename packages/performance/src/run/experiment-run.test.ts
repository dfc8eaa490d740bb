import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { PathVariant } from '../record/run-record.ts';
import type { PreparedExperiment, PreparedRun, UseReading } from './ports.ts';
import { RunService } from './run-service.ts';
import { MemoryRepository } from './testing/memory-repository.ts';
import { launchScripted, preparedExperiment, preparedRun } from './testing/prepared.ts';
import type { Script } from './testing/scripted-worker.ts';

let root: string;
let repository: MemoryRepository;
let service: RunService;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'experiments-'));
  repository = MemoryRepository.create();
  service = new RunService({ repository, clock: systemClock, logger: silentLogger, directory: root });
});
afterEach(async () => {
  await service.close('the test is over');
  await rm(root, { recursive: true, force: true });
});

const QUICK: Script = { seconds: 2, everyMs: 10 };
const SCRIPTS: Readonly<Record<PathVariant, Script>> = {
  none: { ...QUICK, responseMs: 1 },
  server: { ...QUICK, responseMs: 2 },
  both: { ...QUICK, responseMs: 4 },
};

async function run(prepared: PreparedExperiment): Promise<ExperimentRecord> {
  const { id } = await service.startExperiment(prepared);
  return (await service.ended(id)) as ExperimentRecord;
}

const roundsOf = ({ blocks }: ExperimentRecord) =>
  [...Map.groupBy(blocks, ({ round }) => round).values()].map((round) => round.map(({ variant }) => variant).join(' '));

/** On and off the mesh: missions 000-109 and 002-3. */
describe('an experiment', () => {
  it('runs every way once in each round, in orders of its seed, and reports on all of them', async () => {
    const record = await run(preparedExperiment(SCRIPTS));
    expect(record).toMatchObject({ state: 'finished', note: null });
    const orders = roundsOf(record);
    expect(orders.map((order) => order.split(' ').sort().join(' '))).toEqual(Array(5).fill('both none server'));
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(record.report?.variants).toMatchObject(
      ['none', 'server', 'both'].map((variant) => ({ variant, blocks: 5, requests: 1_000, failed: 0 })),
    );
    const [server, both] = record.report?.added ?? [];
    expect(server?.responseP50Ms.value).toBeCloseTo(1, 1);
    expect(both?.responseP50Ms).toMatchObject({ verdict: 'more' });
    const short = { rounds: 2 };
    expect(roundsOf(await run(preparedExperiment(SCRIPTS, short)))).toEqual(orders.slice(0, 2));
    expect(roundsOf(await run(preparedExperiment(SCRIPTS, { ...short, seed: 8 })))).not.toEqual(orders.slice(0, 2));
  });

  it('keeps each block as a run of its own, with its intervals, and nothing of the warm-up', async () => {
    const record = await run(preparedExperiment(SCRIPTS, { rounds: 2 }));
    expect([...repository.runs.keys()].sort()).toEqual(record.blocks.map(({ runId }) => runId).sort());
    for (const { round, variant, runId } of record.blocks) {
      expect(repository.runs.get(runId)).toMatchObject({
        state: 'finished',
        experiment: { id: record.id, round, variant },
      });
      expect(await repository.intervals(runId)).toHaveLength(2);
    }
    expect(repository.experiments.get(record.id)).toEqual(record);
    expect(await readdir(root)).toEqual([]);
  });

  it('keeps its workers from the warm-up to the last block, and leaves none', async () => {
    const pids: number[] = [];
    const prepare = async (variant: PathVariant): Promise<PreparedRun> => {
      const launch = launchScripted(SCRIPTS[variant]);
      return preparedRun(SCRIPTS[variant], {
        launch: async (program) => {
          const worker = await launch(program);
          pids.push(worker.pid ?? 0);
          return worker;
        },
      });
    };
    await run(preparedExperiment(SCRIPTS, { rounds: 3, prepare }));
    expect(pids).toHaveLength(3);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('counts what those on the measured path used', async () => {
    const begunMs = systemClock.monotonicMs();
    const reading = (name: string, share: number): UseReading => {
      return { role: 'sidecar', name, cpuMs: (systemClock.monotonicMs() - begunMs) * share, memoryBytes: 50e6 };
    };
    const slow: Script = { seconds: 1, everyMs: 900 };
    const prepare = async () =>
      preparedRun(slow, { use: { read: async () => [reading('shop', 0.25), reading('other', 9)] } });
    const onPath = (variant: PathVariant) => ({ sidecars: variant === 'none' ? [] : ['shop'], applications: [] });
    const scripts = { none: slow, server: slow, both: slow };
    const { report } = await run(
      preparedExperiment(scripts, { rounds: 1, variants: ['none', 'server'], prepare, onPath }),
    );
    expect(report?.variants[0]).toMatchObject({ sidecarMemoryBytes: { value: 0 } });
    expect(report?.variants[1]).toMatchObject({ sidecarMemoryBytes: { value: 50e6 } });
    // A quarter of a core, for 100 requests in about a second.
    const cpu = report?.variants[1]?.sidecarCpuMsPer1000Requests.value ?? 0;
    expect(cpu).toBeGreaterThan(1_000);
    expect(cpu).toBeLessThan(3_000);
  });

  it('keeps a block that failed, and leaves its round out of the report', async () => {
    // Its runs are the warm-up and the rounds; the worker after it does not live to see a third one.
    const scripts = { ...SCRIPTS, server: { ...SCRIPTS.server, dies: { second: 1, code: 5, run: 3 } } };
    const record = await run(preparedExperiment(scripts, { rounds: 4 }));
    const failed = record.blocks.filter(({ runId }) => repository.runs.get(runId)?.state === 'partial');
    expect(failed.map(({ round, variant }) => [round, variant])).toEqual([[2, 'server']]);
    expect(record.state).toBe('finished');
    expect(record.report?.variants.map(({ blocks }) => blocks)).toEqual([3, 3, 3]);
    expect(record.report?.notes).toContain('Round 2 is left out: not all of its blocks came to their end.');
  });

  it('gives up when rounds fail one after the other', async () => {
    const scripts = { ...SCRIPTS, both: { ...SCRIPTS.both, dies: { second: 0, code: 5 } } };
    const record = await run(preparedExperiment(scripts));
    expect(record).toMatchObject({ state: 'failed', report: null, note: expect.stringContaining('code 5') });
    expect(new Set(record.blocks.map(({ round }) => round))).toEqual(new Set([1, 2]));
  });

  it('keeps the rounds that are finished when it is stopped, and shows where it is', async () => {
    const { id } = await service.startExperiment(preparedExperiment(SCRIPTS, { rounds: 1_000 }));
    const steps = new Set<string>();
    await expect
      .poll(
        () => {
          const [live] = service.live();
          steps.add(live?.step ?? '');
          return live?.step;
        },
        { interval: 5 },
      )
      .toMatch(/^block [89] of 3000: /);
    expect([...steps].some((step) => step.startsWith('warming up: '))).toBe(true);
    expect(service.live()).toMatchObject([{ id, name: 'an experiment' }]);
    await service.stop(id, 'enough');
    const record = (await service.ended(id)) as ExperimentRecord;
    expect(record).toMatchObject({ state: 'stopped', note: 'Enough.' });
    const whole = repository.wholeRounds(record);
    expect(whole).toBeGreaterThanOrEqual(2);
    expect(record.report?.variants.map(({ blocks }) => blocks)).toEqual([whole, whole, whole]);
  });

  it('takes away everything that was made for it, when not all of it could be made, too', async () => {
    const released: string[] = [];
    const release = (name: string) => async () => {
      released.push(name);
    };
    const prepare = async (variant: PathVariant) => {
      if (variant === 'both') throw new Error('no namespace for it');
      return preparedRun(SCRIPTS[variant], { release: release(variant) });
    };
    const record = await run(preparedExperiment(SCRIPTS, { prepare, release: release('experiment') }));
    expect(record).toMatchObject({ state: 'failed', note: 'No namespace for it.', blocks: [] });
    expect(released).toEqual(['none', 'server', 'experiment']);
  });
});
