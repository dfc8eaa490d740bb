import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { ProcessHost } from '@meshwise/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RateLimitProcess } from './rate-limit-process.ts';

describe('The process that counts for global limits', () => {
  let directory: string;
  let host: ProcessHost;

  const processOf = (processes: ProcessHost) =>
    new RateLimitProcess({
      model: { globalRateLimitRules: () => rules },
      host: processes,
      runDirectory: directory,
      logDirectory: directory,
      clock: systemClock,
      logger: silentLogger,
    });
  const rules = [{ rule: 'default/p/r', requests: 1, perMs: 1_000 }];
  const newHost = () => new ProcessHost({ directory: join(directory, 'processes'), clock: systemClock, mark: {} });
  const pids = (processes: ProcessHost) => processes.all().map(({ pid }) => pid);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshwise-limits-'));
    host = newHost();
  });
  afterEach(async () => {
    for (const handle of host.all()) await host.stop(handle, 1_000);
    await rm(directory, { recursive: true, force: true });
  });

  it('is taken up by the next daemon, even when the rules are known before it has looked', async () => {
    const first = processOf(host);
    await first.start();
    const [pid] = pids(host);
    expect(pid).toBeGreaterThan(0);
    first.leave();

    const next = newHost();
    await next.adopt();
    const second = processOf(next);
    // As while resources are read at the start.
    second.changed();
    await systemClock.sleep(0);
    await second.start();
    second.leave();
    expect(pids(next)).toEqual([pid]);
  });
});
