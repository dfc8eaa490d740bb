import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type MeshwiseError, silentLogger, systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../record/run-record.ts';
import type { PreparedRun } from './ports.ts';
import { RunService } from './run-service.ts';
import { MemoryRepository } from './testing/memory-repository.ts';
import { launchScripted, preparedRun } from './testing/prepared.ts';

let root: string;
let repository: MemoryRepository;
let service: RunService;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'runs-'));
  repository = MemoryRepository.create();
  service = new RunService({ repository, clock: systemClock, logger: silentLogger, directory: join(root, 'journals') });
});
afterEach(async () => {
  await service.close('the test is over');
  await rm(root, { recursive: true, force: true });
});

const journals = () => readdir(join(root, 'journals')).catch(() => []);
const LONG = { seconds: 1_000, everyMs: 20 };

async function run(prepared: PreparedRun): Promise<RunRecord> {
  const { id } = await service.start(prepared);
  return (await service.ended(id)) as RunRecord;
}

async function started(prepared: PreparedRun): Promise<string> {
  const { id } = await service.start(prepared);
  await expect.poll(() => service.live()[0]?.completed).toBeGreaterThan(200);
  return id;
}

/** Results persist, whatever happens to who measures: mission 000-109. */
describe('a run', () => {
  it('ends in the store with its intervals, its figures and nothing left over', async () => {
    let released = 0;
    const release = async () => {
      released += 1;
    };
    const record = await run(preparedRun({ seconds: 3, everyMs: 20 }, { release }));
    expect(record).toMatchObject({ state: 'finished', note: null, criteria: [{ met: true }] });
    expect(record.criteria[0]?.measured).toBeCloseTo(2, 1);
    expect(record.summary).toMatchObject({ completed: 300, generator: { workers: 1, sharesCoresWithTarget: true } });
    expect(record.use).toMatchObject([{ role: 'generator', cpuMillicoresMean: 50, cpuMsPer1000Requests: 500 }]);
    expect(record.use[0]?.memoryBytesMax).toBeGreaterThan(10e6);
    expect(repository.runs.get(record.id)).toEqual(record);
    expect((await repository.intervals(record.id)).map(({ second }) => second)).toEqual([0, 1, 2]);
    expect([released, await journals(), service.live(), service.unstored()]).toEqual([1, [], [], []]);
  });

  it('is written down before its first request, here and in the store, without secrets', async () => {
    const seen: string[] = [];
    const launch = launchScripted({ seconds: 1, everyMs: 20 });
    const watched: PreparedRun['launch'] = async (program) => {
      seen.push(...[...repository.runs.values()].map(({ state }) => state));
      for (const name of await journals()) seen.push(await readFile(join(root, 'journals', name), 'utf8'));
      return launch(program);
    };
    const { plan } = preparedRun({ seconds: 1, everyMs: 20 });
    const tls = { verify: true, ca: null, certificate: null, serverName: null, key: 's3cret key' };
    const record = await run(preparedRun({ seconds: 1, everyMs: 20 }, { launch: watched, plan: { ...plan, tls } }));
    expect(seen[0]).toBe('running');
    expect(seen[1]).toContain(record.id);
    expect(JSON.stringify([seen, record])).not.toContain('s3cret');
  });

  it('shows itself while it goes on, and once more when it has ended', async () => {
    const seen: number[] = [];
    const stop = service.onChange(() => seen.push(service.live().length));
    const id = await started(preparedRun(LONG));
    expect(service.live()).toMatchObject([{ id, name: 'a run', step: null, phase: 'measuring' }]);
    await expect.poll(() => seen.length).toBeGreaterThan(1);
    await service.stop(id, 'enough');
    await service.ended(id);
    expect([new Set(seen.slice(0, -1)), seen.at(-1)]).toEqual([new Set([1]), 0]);
    stop();
  });

  it('keeps what was measured when it is stopped', async () => {
    const id = await started(preparedRun(LONG));
    expect(await service.stop(id, 'stopped by a person')).toBe(true);
    const record = (await service.ended(id)) as RunRecord;
    expect(record).toMatchObject({ state: 'stopped', note: 'Stopped by a person.' });
    expect(record.summary?.completed).toBeGreaterThan(200);
    expect(await service.stop(id, 'again')).toBe(false);
  });

  it('keeps what was measured when its generator dies, and says that it has nothing when it dies before', async () => {
    const lost = await run(preparedRun({ ...LONG, dies: { second: 2, code: 3 } }));
    expect(lost).toMatchObject({
      state: 'partial',
      summary: { completed: 200 },
      note: expect.stringContaining('code 3'),
    });
    const failed = await run(preparedRun({ ...LONG, dies: { second: 0, code: 3 } }));
    expect(failed).toMatchObject({
      state: 'failed',
      summary: null,
      use: [],
      criteria: [{ measured: null, met: false }],
    });
  });

  it('fails when no generator can be started, and says why', async () => {
    const launch = () => Promise.reject(new Error('no such place'));
    expect(await run(preparedRun(LONG, { launch }))).toMatchObject({
      state: 'failed',
      note: expect.stringContaining('no such place'),
    });
  });

  it('goes on when what everyone uses cannot be read, and says so', async () => {
    const use = { read: () => Promise.reject(new Error('no such pod')) };
    const record = await run(preparedRun({ seconds: 1, everyMs: 20 }, { use }));
    expect(record).toMatchObject({ state: 'finished', note: expect.stringContaining('no such pod') });
  });
});

describe('the service of runs', () => {
  it('refuses a second run in words, and takes away what was made for it', async () => {
    const id = await started(preparedRun(LONG));
    let isReleased = false;
    const release = async () => {
      isReleased = true;
    };
    await expect(service.start(preparedRun(LONG, { release }))).rejects.toMatchObject({
      code: 'MW8008',
      summary: `a run (${id}) is running`,
    } satisfies Partial<MeshwiseError>);
    expect(isReleased).toBe(true);
  });

  it('does not let two in that come at the same moment', async () => {
    const both = await Promise.allSettled([service.start(preparedRun(LONG)), service.start(preparedRun(LONG))]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('starts nothing that could not be kept', async () => {
    repository.isReadOnly = true;
    let launches = 0;
    const launch: PreparedRun['launch'] = (program) => {
      launches += 1;
      return launchScripted(LONG)(program);
    };
    await expect(service.start(preparedRun(LONG, { launch }))).rejects.toMatchObject({ code: 'MW8102' });
    expect([launches, service.live(), await journals()]).toEqual([0, [], []]);
  });

  it('keeps a result that the store does not take until it does', async () => {
    const id = await started(preparedRun(LONG));
    repository.isReadOnly = true;
    await service.stop(id, 'enough');
    const record = (await service.ended(id)) as RunRecord;
    expect(record.note).toBe('Enough. It is not in the store yet: the store is full.');
    expect(service.unstored()).toMatchObject([{ id, error: { code: 'MW8102' } }]);
    expect(await journals()).toEqual([`${id}.ndjson`]);
    expect(await service.recover()).toEqual([]);
    repository.isReadOnly = false;
    expect(await service.recover()).toEqual([id]);
    expect(repository.runs.get(id)).toMatchObject({ state: 'stopped', note: 'Enough.', summary: record.summary });
    expect(await repository.intervals(id)).not.toEqual([]);
    expect([service.unstored(), await journals(), await service.recover()]).toEqual([[], [], []]);
  });

  it('tries again by itself to store what the store did not take, unless it was deleted', async () => {
    const clock: Clock = { ...systemClock, after: (ms, back) => systemClock.after(ms === 30_000 ? 50 : ms, back) };
    const options = { repository, clock, logger: silentLogger, directory: join(root, 'journals') };
    service = new RunService(options);
    const ids: string[] = [];
    for (const _ of ['kept', 'deleted']) {
      repository.isReadOnly = false;
      const id = await started(preparedRun(LONG));
      repository.isReadOnly = true;
      await service.stop(id, 'enough');
      await service.ended(id);
      ids.push(id);
    }
    const [kept = '', deleted = ''] = ids;
    await service.discard(deleted);
    repository.runs.delete(deleted);
    repository.isReadOnly = false;
    await expect.poll(() => service.unstored()).toEqual([]);
    expect([...repository.runs.values()]).toMatchObject([{ id: kept, state: 'stopped' }]);
    expect(await journals()).toEqual([]);
  });

  it('stops what runs when it is closed, and starts nothing any more', async () => {
    const id = await started(preparedRun(LONG));
    await service.close('the daemon stops');
    expect(repository.runs.get(id)).toMatchObject({ state: 'stopped', note: 'The daemon stops.' });
    await expect(service.start(preparedRun(LONG))).rejects.toMatchObject({ code: 'MW8008' });
  });

  it('does not know of the end of what never began', async () => {
    await expect(service.ended('20261121-142233-k3f9')).rejects.toMatchObject({ code: 'MW8101' });
  });
});
