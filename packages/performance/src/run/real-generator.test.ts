import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { completePlan, type LaunchWorker } from '@meshwise/load';
import { launchChild } from '@meshwise/load/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { PreparedRun } from './ports.ts';
import { RunService } from './run-service.ts';
import { MemoryRepository } from './testing/memory-repository.ts';
import { preparedExperiment, preparedRun } from './testing/prepared.ts';

let root: string;
let server: Server;
let repository: MemoryRepository;
let service: RunService;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'real-'));
  server = createServer((_, response) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  repository = MemoryRepository.create();
  service = new RunService({ repository, clock: systemClock, logger: silentLogger, directory: root });
});
afterEach(async () => {
  await service.close('the test is over');
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
});

const SCRIPT = { seconds: 1, everyMs: 1 };

function prepared(launch: LaunchWorker = launchChild()): PreparedRun {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const input = { rps: 200, durationMs: 1_000, warmUpMs: 0, workers: 1 };
  const use = {
    read: async () => {
      const { user, system } = process.cpuUsage();
      const memoryBytes = process.memoryUsage.rss();
      return [{ role: 'application' as const, name: 'shop', cpuMs: (user + system) / 1_000, memoryBytes }];
    },
  };
  return preparedRun(SCRIPT, { launch, use, plan: completePlan(input, url, { cores: 2, seed: 1 }) });
}

describe('with the real generator', () => {
  it('a run has every request, and what both sides used', async () => {
    const { id } = await service.start(prepared());
    const record = (await service.ended(id)) as RunRecord;
    expect(record).toMatchObject({ state: 'finished', summary: { scheduled: 200, completed: 200, failed: 0 } });
    for (const use of record.use) {
      expect(use.cpuMillicoresMean).toBeGreaterThan(0);
      expect(use.cpuMsPer1000Requests).toBeGreaterThan(0);
      expect(use.memoryBytesMean).toBeGreaterThan(1e6);
    }
    expect(record.use.map(({ role }) => role)).toEqual(['application', 'generator']);
  });

  it('an experiment keeps one worker for each way, over all rounds', async () => {
    const pids: (number | undefined)[] = [];
    const launch: LaunchWorker = async (program) => {
      const worker = await launchChild()(program);
      pids.push(worker.pid);
      return worker;
    };
    const scripts = { none: SCRIPT, server: SCRIPT, both: SCRIPT };
    const { id } = await service.startExperiment(
      preparedExperiment(scripts, { rounds: 2, variants: ['none', 'server'], prepare: async () => prepared(launch) }),
    );
    const record = (await service.ended(id)) as ExperimentRecord;
    expect(record).toMatchObject({ state: 'finished', note: null });
    expect(record.report?.variants).toMatchObject([
      { requests: 400, failed: 0 },
      { requests: 400, failed: 0 },
    ]);
    expect(pids).toHaveLength(2);
  });
});
