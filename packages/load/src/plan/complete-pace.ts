import { durationWords } from './duration.ts';
import { impossible } from './impossible.ts';
import type { LoadInput } from './input.ts';
import type { LoadPace, LoadStage } from './plan.ts';
import { durationOf, peakRps, requestsOf } from './schedule.ts';

const DEFAULT_RPS = 100;
const DEFAULT_DURATION_MS = 10_000;
const DAY_MS = 86_400_000;
/** Several times what one core can send and account for: a rate beyond is a slip of the pen. */
const MAX_RPS_PER_CORE = 500_000;

/** An open loop of 100 requests per second for 10 s, unless something else was said. */
export function completePace(input: LoadInput, cores: number): LoadPace {
  const { rps, closed = false, stages, durationMs = DEFAULT_DURATION_MS } = input;
  if (closed || rps === 'max') {
    forOpenLoopsOnly(input, closed ? 'a closed loop was asked for' : 'the highest rate was asked for');
    const maxRps = rps === 'max' || rps === undefined ? null : rps;
    if (maxRps !== null) checkRate('rps', maxRps, cores, input.maxRequests);
    return { kind: 'closed', durationMs, maxRps };
  }
  if (stages !== undefined) checkStages(input, stages);
  const written = stages ?? [{ durationMs, fromRps: rps ?? DEFAULT_RPS, toRps: rps ?? DEFAULT_RPS }];
  const peak = peakRps(written);
  const field = stages === undefined ? 'rps' : 'stages';
  checkRate(field, peak, cores, input.maxRequests);
  if (requestsOf(written) < 1) throw impossible(field, 'no request would be sent', { found: `${peak} per second` });
  return { kind: 'open', arrivals: input.arrivals ?? 'constant', stages: written };
}

function forOpenLoopsOnly(input: LoadInput, found: string): void {
  for (const field of ['stages', 'arrivals', 'maxBacklog'] as const) {
    if (input[field] !== undefined) throw impossible(field, 'this is of open loops only', { found });
  }
}

function checkStages({ rps, durationMs }: LoadInput, stages: readonly LoadStage[]): void {
  const expected = 'one or the other';
  if (rps !== undefined) throw impossible('rps', 'stages have rates of their own', { found: `${rps}`, expected });
  if (durationMs !== undefined) {
    throw impossible('durationMs', 'stages have durations of their own', {
      found: durationWords(durationMs),
      expected,
    });
  }
  for (const [at, stage] of stages.entries()) {
    const field = `stages[${at}].durationMs`;
    if (stage.durationMs <= 0) throw impossible(field, 'a stage takes time', { found: '0', expected: 'more than 0' });
  }
  const totalMs = durationOf(stages);
  if (totalMs > DAY_MS) {
    throw impossible('stages', 'too long together', { found: durationWords(totalMs), expected: 'at most 24 h' });
  }
}

function checkRate(field: string, rps: number, cores: number, maxRequests: number | null | undefined): void {
  if (rps > cores * MAX_RPS_PER_CORE) {
    const expected = `at most ${MAX_RPS_PER_CORE * cores} with the cores there are (${cores})`;
    throw impossible(field, 'no generator on this machine sends so much', { found: `${rps} per second`, expected });
  }
  if (typeof maxRequests === 'number' && maxRequests > 1 && rps > maxRequests * 1_000) {
    const found = `${maxRequests} at ${rps} per second`;
    throw impossible('maxRequests', 'the run would be over within a millisecond', { found, expected: 'a lower rate' });
  }
}
