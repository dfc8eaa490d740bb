import { CATALOGUE, type Clock } from '@meshwise/core';
import { type Check, failed, ok } from './check.ts';

/** This version did not exist before; a clock that says so is wrong. */
const EARLIEST_POSSIBLE_MS = Date.UTC(2026, 0, 1);

/** Time servers correct clocks by this much without anybody noticing. */
const TOLERANCE_MS = 60_000;

/**
 * Certificates and recorded results need a clock that is about right and did not go back. `latestKnownMs` gives a time
 * that is certainly past, such as when the mesh's authority was made or a file of the state directory was last written.
 */
export function timeCheck(clock: Clock, latestKnownMs: () => Promise<number | undefined>): Check {
  return {
    id: 'time',
    title: 'Clock',
    async run() {
      const nowMs = clock.nowMs();
      const found = new Date(nowMs).toISOString();
      const advice = 'Set the clock (`timedatectl set-ntp true`).';
      if (nowMs < EARLIEST_POSSIBLE_MS) return failed(`${found} is before this version existed`, advice);
      const latestMs = await latestKnownMs();
      if (latestMs === undefined || latestMs <= nowMs + TOLERANCE_MS) return ok(found);
      const past = new Date(latestMs).toISOString();
      return failed(`${found} is before ${past}, which is past`, CATALOGUE.MW4005.advice, 'MW4005');
    },
  };
}
