import { Histogram } from '../histogram/histogram.ts';
import { distributionOf } from '../result/distribution.ts';
import type { Distribution } from '../result/summary.ts';
import type { TrustFacts } from '../trust/facts.ts';

/** A distribution of so many values, all of one size but for the slowest two percent. */
export function times(count: number, ms: number, slowestMs = ms): Distribution {
  const histogram = new Histogram();
  histogram.recordCount(slowestMs * 1_000_000, Math.floor(count / 50));
  histogram.recordCount(ms * 1_000_000, count - Math.floor(count / 50));
  return distributionOf(histogram);
}

type Figures = TrustFacts['figures'];
export interface FactsSaid extends Partial<Omit<TrustFacts, 'figures' | 'outcome'>> {
  readonly figures?: Partial<Omit<Figures, 'generator'>>;
  readonly generator?: Partial<Figures['generator']>;
  readonly outcome?: Partial<TrustFacts['outcome']>;
}

/** Of a run of 10 s at 10,000 requests per second that nobody could doubt, unless something else is said. */
export function factsOf(said: FactsSaid = {}): TrustFacts {
  const { figures, generator, outcome, ...rest } = said;
  return {
    figures: {
      measuredMs: 10_000,
      plannedMs: 10_000,
      requestedRps: 10_000,
      achievedRps: 10_000,
      scheduled: 100_000,
      sent: 100_000,
      completed: 100_000,
      failed: 0,
      dropped: 0,
      bytesSent: 0,
      bytesReceived: 0,
      connectionsOpened: 16,
      statuses: {},
      errors: [],
      service: times(100_000, 2),
      response: times(100_000, 2),
      lag: times(100_000, 0.01),
      errorResponse: times(0, 0),
      ...figures,
      generator: {
        workers: 1,
        cores: 0.4,
        busiestWorkerCores: 0.5,
        loopDelayMaxMs: 0.5,
        clockResolutionNs: 40,
        sharesCoresWithTarget: false,
        ...generator,
      },
    },
    outcome: { outcome: 'completed', reason: null, clockResolutionNs: 40, workers: 1, ...outcome },
    pace: 'open',
    scheduledInTime: 100_000,
    sentInTime: 100_000,
    loopDelaysMs: Array(10).fill(0.5),
    ...rest,
  };
}
