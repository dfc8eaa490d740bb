import { latencyWords, listWords, numberWords, percentWords, plural } from '../plan/words.ts';
import type { TrustCheck, TrustFacts } from './facts.ts';

const FEW_ERRORS = 0.01;
const COARSE_CLOCK = 0.01;
const TOO_COARSE_CLOCK = 0.1;
/** So many answers have to lie beyond a percentile, or single ones decide where it is. */
const BEYOND = 10;
const PERCENTILES = [50, 90, 99, 99.9, 99.99];

/** Latencies are those of good answers. Requests that a stop cut off are no errors. */
export function checkErrors({ figures: { completed, failed, errors } }: TrustFacts): TrustCheck {
  const check = 'errors';
  const stopped = errors.find(({ kind }) => kind === 'stopped')?.count ?? 0;
  const wrong = Math.max(0, failed - stopped);
  const [first] = errors.filter(({ kind }) => kind !== 'stopped');
  const most = first === undefined ? '' : `, most of them ${first.kind}`;
  if (completed === 0) {
    return { check, verdict: 'do not trust', text: `There was no good answer (${plural(wrong, 'error')}${most})` };
  }
  if (wrong === 0) return { check, verdict: 'trust', text: 'No request failed' };
  const share = wrong / (completed + wrong);
  const failures = `${plural(wrong, 'request')} failed (${percentWords(share)}${most})`;
  if (share <= FEW_ERRORS) return { check, verdict: 'trust', text: failures };
  return { check, verdict: 'doubt', text: `${failures}: latencies are those of the others` };
}

/** Times are differences of two readings. */
export function checkClock({ figures: { generator, service } }: TrustFacts): TrustCheck {
  const check = 'clock';
  const resolutionMs = generator.clockResolutionNs / 1_000_000;
  if (service.p50Ms === null)
    return { check, verdict: 'trust', text: 'There is nothing that a coarse clock could spoil' };
  const share = service.p50Ms === 0 ? Infinity : resolutionMs / service.p50Ms;
  const text = `The clock goes in steps of ${latencyWords(resolutionMs)}, and half of the service times are at most ${latencyWords(service.p50Ms)}`;
  if (share <= COARSE_CLOCK) return { check, verdict: 'trust', text };
  return { check, verdict: share <= TOO_COARSE_CLOCK ? 'doubt' : 'do not trust', text };
}

/** Which percentiles there are enough answers for. */
export function checkSamples({ figures: { response } }: TrustFacts): TrustCheck {
  const check = 'samples';
  const { count } = response;
  const tooFewFor = PERCENTILES.filter((percentile) => count < answersFor(percentile));
  const enough = `${plural(count, 'good answer')}, enough for every percentile shown`;
  if (tooFewFor.length === 0) return { check, verdict: 'trust', text: enough };
  const names = tooFewFor.map((percentile) => `p${percentile} (from ${numberWords(answersFor(percentile))} on)`);
  const text = `${plural(count, 'good answer is', 'good answers are')} too few for ${listWords(names)}`;
  if (tooFewFor.includes(50)) return { check, verdict: 'do not trust', text };
  return { check, verdict: tooFewFor.includes(99) ? 'doubt' : 'trust', text };
}

function answersFor(percentile: number): number {
  return Math.round((BEYOND * 100) / (100 - percentile));
}

/** Two that share cores slow each other down: what was measured is the pair of them. */
export function checkCores({ figures: { generator } }: TrustFacts): TrustCheck {
  const check = 'cores';
  const used = `used ${numberWords(Number(generator.cores.toFixed(2)))} of them`;
  switch (generator.sharesCoresWithTarget) {
    case true: {
      const text = `Generator and target shared cores, and the generator ${used}: without it the target is faster than measured`;
      return { check, verdict: 'doubt', text };
    }
    case false:
      return { check, verdict: 'trust', text: 'Generator and target had cores of their own' };
    case null:
      return { check, verdict: 'trust', text: 'Whether generator and target shared cores is not known' };
  }
}
