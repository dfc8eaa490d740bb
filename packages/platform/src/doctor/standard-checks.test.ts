import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@meshwise/core';
import { expect, test } from 'vitest';
import { runDoctor } from './run-doctor.ts';
import { standardChecks } from './standard-checks.ts';

test('all checks run on this machine, each under an id of its own, and none without advice when something is wrong', async () => {
  const checks = standardChecks({
    clock: systemClock,
    stateDirectory: join(tmpdir(), 'meshwise-doctor-nowhere'),
    launcherPath: '/nowhere/sandbox.py',
    ports: [{ port: 0, purpose: 'any' }],
  });
  const report = await runDoctor(checks, { clock: systemClock });
  expect(new Set(report.checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(report.checks.find(({ id }) => id === 'node')).toMatchObject({ status: 'ok', found: process.version });
  expect(report.checks.find(({ id }) => id === 'capture')).toMatchObject({ status: 'unknown' });
  for (const { id, status, advice } of report.checks) {
    if (status === 'warning' || status === 'failed') expect(advice, id).toBeTruthy();
  }
});
