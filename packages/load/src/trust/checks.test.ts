import { describe, expect, it } from 'vitest';
import type { Verdict } from '../result/summary.ts';
import { type FactsSaid, factsOf, times } from '../testing/trust-facts.ts';
import { judgeTrust } from './judge-trust.ts';

const LATE = times(100_000, 0.01, 5);

function check(name: string, said: FactsSaid) {
  return judgeTrust(factsOf(said)).checks.find(({ check: one }) => one === name);
}

describe('the checks of a run', () => {
  it.each<[string, Verdict, string, FactsSaid]>([
    // The schedule.
    [
      'schedule',
      'trust',
      'The load was as planned: 99,000 of 100,000 requests that were due were sent in time',
      { sentInTime: 99_000 },
    ],
    [
      'schedule',
      'doubt',
      'The load was less than planned: 98,990 of 100,000 requests that were due were sent in time (98.99 %)',
      { sentInTime: 98_990 },
    ],
    [
      'schedule',
      'do not trust',
      'The load was less than planned: 94,900 of 100,000 requests that were due were sent in time (94.9 %)',
      { sentInTime: 94_900 },
    ],
    [
      'schedule',
      'trust',
      'The load was as planned: 9 of 10 requests that were due were sent in time',
      { scheduledInTime: 10, sentInTime: 9 },
    ],
    ['schedule', 'do not trust', 'Nothing was measured', { scheduledInTime: 0, sentInTime: 0 }],
    ['schedule', 'trust', 'A closed loop has no schedule to miss: 7 requests sent', { pace: 'closed', sentInTime: 7 }],
    // Lag: allowed is a millisecond or a tenth of the response time.
    [
      'lag',
      'trust',
      'Requests left when they were due (99 % at most 900 µs late, allowed: 1 ms)',
      { figures: { lag: times(100, 0.9), response: times(100, 2) } },
    ],
    [
      'lag',
      'trust',
      'Requests left when they were due (99 % at most 5 ms late, allowed: 10 ms)',
      { figures: { lag: times(100, 5), response: times(100, 100) } },
    ],
    [
      'lag',
      'do not trust',
      'The generator was late: 1 % of the requests left more than 5 ms late, and its event loop was up to 4 ms late in an ordinary second',
      { figures: { lag: LATE }, loopDelaysMs: Array(10).fill(4) },
    ],
    [
      'lag',
      'do not trust',
      'The generator was late: 1 % of the requests left more than 5 ms late, and its event loop was up to 500 µs late in an ordinary second',
      { figures: { lag: LATE }, loopDelaysMs: [...Array(9).fill(0.5), 200] },
    ],
    [
      'lag',
      'trust',
      'Some requests waited for a free connection (99 % at most 5 ms), which the response times contain',
      { figures: { lag: LATE } },
    ],
    [
      'lag',
      'doubt',
      'Most requests waited for a free connection (99 % at most 900 ms), which the response times contain: another number of connections gives another result',
      { figures: { lag: times(100, 900), response: times(100, 902) } },
    ],
    ['lag', 'do not trust', 'No request left', { figures: { lag: times(0, 0) } }],
    [
      'lag',
      'trust',
      'In a closed loop without a cap no request is due',
      { pace: 'closed', figures: { requestedRps: null } },
    ],
    // CPU, which a pacer that spins uses without working.
    [
      'generator CPU',
      'trust',
      'The busiest generator process used 0.9 of a core',
      { generator: { busiestWorkerCores: 0.9 } },
    ],
    [
      'generator CPU',
      'trust',
      'The busiest generator process used 1 of a core, in part to wait for the right moment: requests left when they were due',
      { generator: { busiestWorkerCores: 1 } },
    ],
    [
      'generator CPU',
      'do not trust',
      'The generator was saturated: the busiest generator process used 0.99 of a core and 1 % of the requests left more than 5 ms late, so rate and latencies may be its own and say nothing about the server',
      { generator: { busiestWorkerCores: 0.99 }, figures: { lag: LATE } },
    ],
    [
      'generator CPU',
      'do not trust',
      'The generator was saturated: the busiest generator process used 0.99 of a core, so rate and latencies may be its own and say nothing about the server',
      { pace: 'closed', generator: { busiestWorkerCores: 0.99 }, figures: { requestedRps: null } },
    ],
    [
      'generator CPU',
      'trust',
      'The busiest generator process used 0.99 of a core, in part to wait for the right moment: requests left when they were due',
      { pace: 'closed', generator: { busiestWorkerCores: 0.99 } },
    ],
    [
      'generator CPU',
      'do not trust',
      'The generator was saturated: the busiest generator process used 0.99 of a core, so rate and latencies may be its own and say nothing about the server',
      { pace: 'closed', generator: { busiestWorkerCores: 0.99 }, sentInTime: 98_000 },
    ],
    // The event loop.
    [
      'event loop',
      'trust',
      'How late the event loop was shows by what is due, and nothing was',
      { pace: 'closed', figures: { requestedRps: null } },
    ],
    [
      'event loop',
      'trust',
      "The generator's event loop was at most 9 ms late",
      { generator: { loopDelayMaxMs: 9 }, loopDelaysMs: [9, 0.5] },
    ],
    [
      'event loop',
      'doubt',
      "The generator's event loop was at most 50 ms late, and stood still for 0.49 % of the time or more: beyond the 99th percentile latencies may be its own",
      { generator: { loopDelayMaxMs: 50 }, loopDelaysMs: [50, 0.5] },
    ],
    [
      'event loop',
      'do not trust',
      "The generator's event loop was at most 200 ms late, and stood still for 1.99 % of the time or more: latencies may be its own",
      { generator: { loopDelayMaxMs: 200 }, loopDelaysMs: [200, 0.5] },
    ],
    [
      'event loop',
      'trust',
      "The generator's event loop was at most 50 ms late",
      {
        generator: { loopDelayMaxMs: 50 },
        loopDelaysMs: Array(10).fill(50),
        figures: { response: times(100_000, 900) },
      },
    ],
    // Drops and errors.
    [
      'drops',
      'doubt',
      '12 requests were dropped unsent (0.01 %) since too many were waiting: the longest response times are missing',
      { figures: { dropped: 12 } },
    ],
    [
      'drops',
      'do not trust',
      '2,000 requests were dropped unsent (2 %) since too many were waiting: the longest response times are missing',
      { figures: { dropped: 2_000 } },
    ],
    [
      'errors',
      'trust',
      '20 requests failed (0.02 %, most of them reset)',
      { figures: { failed: 20, errors: [{ kind: 'reset', count: 20, sample: null }] } },
    ],
    [
      'errors',
      'trust',
      'No request failed',
      { figures: { failed: 9_000, errors: [{ kind: 'stopped', count: 9_000, sample: null }] } },
    ],
    [
      'errors',
      'doubt',
      '25,000 requests failed (20 %, most of them http-5xx): latencies are those of the others',
      { figures: { failed: 25_000, errors: [{ kind: 'http-5xx', count: 25_000, sample: null }] } },
    ],
    [
      'errors',
      'do not trust',
      'There was no good answer (7 errors, most of them dns)',
      { figures: { completed: 0, failed: 7, errors: [{ kind: 'dns', count: 7, sample: null }] } },
    ],
    // Clock, cores, samples.
    ['clock', 'trust', 'The clock goes in steps of 0.04 µs, and half of the service times are at most 2 ms', {}],
    [
      'clock',
      'doubt',
      'The clock goes in steps of 1 µs, and half of the service times are at most 20 µs',
      { generator: { clockResolutionNs: 1_000 }, figures: { service: times(100, 0.02) } },
    ],
    [
      'clock',
      'do not trust',
      'The clock goes in steps of 1 ms, and half of the service times are at most 2 ms',
      { generator: { clockResolutionNs: 1_000_000 } },
    ],
    [
      'cores',
      'doubt',
      'Generator and target shared cores, and the generator used 0.4 of them: without it the target is faster than measured',
      { generator: { sharesCoresWithTarget: true } },
    ],
    [
      'cores',
      'trust',
      'Whether generator and target shared cores is not known',
      { generator: { sharesCoresWithTarget: null } },
    ],
    ['samples', 'trust', '100,000 good answers, enough for every percentile shown', {}],
    [
      'samples',
      'trust',
      '5,000 good answers are too few for p99.9 (from 10,000 on) and p99.99 (from 100,000 on)',
      { figures: { response: times(5_000, 2) } },
    ],
    [
      'samples',
      'doubt',
      '999 good answers are too few for p99 (from 1,000 on), p99.9 (from 10,000 on) and p99.99 (from 100,000 on)',
      { figures: { response: times(999, 2) } },
    ],
    [
      'samples',
      'do not trust',
      '19 good answers are too few for p50 (from 20 on), p90 (from 100 on), p99 (from 1,000 on), p99.9 (from 10,000 on) and p99.99 (from 100,000 on)',
      { figures: { response: times(19, 2) } },
    ],
    // The end.
    [
      'end',
      'doubt',
      'The run was stopped after 3.4 of 10 s: by a person',
      { outcome: { outcome: 'stopped', reason: 'by a person' }, figures: { measuredMs: 3_400 } },
    ],
    [
      'end',
      'doubt',
      'The run was ended by its criteria after 10 of 10 s: slow',
      { outcome: { outcome: 'aborted', reason: 'slow' } },
    ],
    [
      'end',
      'do not trust',
      'The run lost its generator after 10 of 10 s: killed',
      { outcome: { outcome: 'lost', reason: 'killed' } },
    ],
    ['end', 'do not trust', 'The run failed after 10 of 10 s', { outcome: { outcome: 'failed' } }],
  ])('%s: %s, “%s”', (name, verdict, text, said) => {
    expect(check(name, said)).toEqual({ check: name, verdict, text });
  });
});
