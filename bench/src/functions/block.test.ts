import type { RunRecord, UseRecord } from '@meshwise/performance';
import { expect, test } from 'vitest';
import { blockOf } from './block.ts';

function use(role: UseRecord['role'], name: string, cpuMsPer1000Requests: number): UseRecord {
  const unknown = { cpuMillicoresMean: null, cpuMillicoresMax: null, memoryBytesMean: null, memoryBytesMax: null };
  return { role, name, cpuMsPer1000Requests, ...unknown, samples: 2 };
}

/** Only what a block is made of. */
function record(uses: readonly UseRecord[]): RunRecord {
  const summary = { completed: 500, failed: 3, achievedRps: 250, trust: { verdict: 'trust' } };
  return { summary, use: uses } as unknown as RunRecord;
}

const DETAILS = [use('sidecar', 'default/details-v1-a', 100), use('application', 'default/details-v1-a', 40)];
const OTHERS = [use('sidecar', 'default/ratings-v1-b', 7), use('gateway', 'istio-system/g', 7)];

test('the sidecars of client and server count, and no others', () => {
  const block = blockOf(2, record([...DETAILS, ...OTHERS, use('sidecar', 'default/meshwise-load-1', 60)]), []);
  expect(block).toMatchObject({ round: 2, completed: 500, failed: 3, sidecarCpuMs: 80, applicationCpuMs: 20 });
});

test('CPU time is not known without the client, and not when the client of an earlier block is still there', () => {
  expect(blockOf(1, record([...DETAILS, ...OTHERS]), []).sidecarCpuMs).toBeNull();
  const two = [use('sidecar', 'default/meshwise-load-1', 60), use('sidecar', 'default/meshwise-load-2', 60)];
  expect(blockOf(1, record([...DETAILS, ...two]), []).sidecarCpuMs).toBeNull();
});
