import { latencyWords, numberWords, percentWords } from '../plan/words.ts';
import {
  allowedLagMs,
  isLate,
  isPaced,
  standstillShare,
  type TrustCheck,
  type TrustFacts,
  usualLoopDelayMs,
} from './facts.ts';

/** More than this of a core leaves nothing for a moment with more to do. */
const BUSY_CORES = 0.9;
/** The same on a core that somebody else wants too. */
const BUSY_SHARED_CORES = 0.6;
/** Of the time, in which the loop stood still: it is in the percentile that this share reaches. */
const P999_SHARE = 0.001;
const P99_SHARE = 0.01;
/** A wait that is worth a word. */
const NOTICED_MS = 1;

/**
 * Whether the generator had enough of its core. CPU time alone cannot say: at high rates the pacer spins until the next request
 * is due, and reports a whole core that it only waited with. What tells work from waiting is whether requests left in time.
 * In an open loop a busy generator is saturated when it was late as well. One that spun while a slow server kept all
 * connections busy looks the same, and is not trusted either: the server must not get the blame for what may be the generator's.
 * Late on a core that the target uses as well, it had no whole core to begin with. In a closed loop a busy generator is one that
 * could do no more, unless it did all that the cap allows.
 */
export function checkCpu(facts: TrustFacts): TrustCheck {
  const check = 'generator CPU';
  const { busiestWorkerCores, sharesCoresWithTarget } = facts.figures.generator;
  const late = isLate(facts);
  const squeezed = late && sharesCoresWithTarget === true && busiestWorkerCores > BUSY_SHARED_CORES;
  const used = `the busiest generator process used ${numberWords(Number(busiestWorkerCores.toFixed(2)))} of a core`;
  if (busiestWorkerCores <= BUSY_CORES && !squeezed) return { check, verdict: 'trust', text: capital(used) };
  if (!late && (facts.pace === 'open' || reachedCap(facts))) {
    const text = `${capital(used)}, in part to wait for the right moment: requests left when they were due`;
    return { check, verdict: 'trust', text };
  }
  const found = `${squeezed ? ' that it shared with the target' : ''}${late ? ` and ${lateness(facts)}` : ''}`;
  const was = squeezed && busiestWorkerCores <= BUSY_CORES ? 'may have been' : 'was';
  const text = `The generator ${was} saturated: ${used}${found}, so rate and latencies may be its own and say nothing about the server`;
  return { check, verdict: 'do not trust', text };
}

/**
 * Whether requests left when they were due. They wait for the generator, or for a connection while all are busy; that wait
 * belongs to the response time, as it would for a caller. It is the generator's when its loop is as late in an ordinary second,
 * or stood still for long enough to be in the percentile.
 */
export function checkLag(facts: TrustFacts): TrustCheck {
  const check = 'lag';
  const { lag, response } = facts.figures;
  if (!isPaced(facts)) return { check, verdict: 'trust', text: 'In a closed loop without a cap no request is due' };
  if (lag.p99Ms === null) return { check, verdict: 'do not trust', text: 'No request left' };
  const most = `99 % at most ${latencyWords(lag.p99Ms)}`;
  if (!isLate(facts)) {
    const text = `Requests left when they were due (${most} late, allowed: ${latencyWords(allowedLagMs(facts))})`;
    return { check, verdict: 'trust', text };
  }
  const delayMs = usualLoopDelayMs(facts);
  if (delayMs >= lag.p99Ms / 2 || standstillShare(facts) > P99_SHARE) {
    const loop = `its event loop was up to ${latencyWords(delayMs)} late in an ordinary second`;
    return { check, verdict: 'do not trust', text: `The generator was late: ${lateness(facts)}, and ${loop}` };
  }
  const waited = `requests waited for a free connection (${most}), which the response times contain`;
  if ((lag.p50Ms ?? 0) <= Math.max(NOTICED_MS, (response.p50Ms ?? 0) / 10)) {
    return { check, verdict: 'trust', text: `Some ${waited}` };
  }
  return { check, verdict: 'doubt', text: `Most ${waited}: another number of connections gives another result` };
}

/**
 * How long the event loop stood still: what came to an end in that time was seen too late. Delays that the measured latencies
 * dwarf do not count.
 */
export function checkEventLoop(facts: TrustFacts): TrustCheck {
  const check = 'event loop';
  if (!isPaced(facts)) {
    return { check, verdict: 'trust', text: 'How late the event loop was shows by what is due, and nothing was' };
  }
  const share = standstillShare(facts);
  const worst = `The generator's event loop was at most ${latencyWords(facts.figures.generator.loopDelayMaxMs)} late`;
  if (share <= P999_SHARE) return { check, verdict: 'trust', text: worst };
  const stood = `${worst}, and stood still for ${percentWords(share)} of the time or more`;
  return share <= P99_SHARE
    ? { check, verdict: 'doubt', text: `${stood}: beyond the 99th percentile latencies may be its own` }
    : { check, verdict: 'do not trust', text: `${stood}: latencies may be its own` };
}

function reachedCap({ figures: { requestedRps, measuredMs }, sentInTime }: TrustFacts): boolean {
  return requestedRps !== null && sentInTime * 1_000 >= 0.99 * requestedRps * measuredMs;
}

function lateness({ figures: { lag } }: TrustFacts): string {
  return `1 % of the requests left more than ${latencyWords(lag.p99Ms ?? 0)} late`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
