import { numberWords, percentWords, plural } from '../plan/words.ts';
import type { TrustCheck, TrustFacts } from './facts.ts';

const KEPT = 0.99;
const NEARLY_KEPT = 0.95;
const FEW_DROPS = 0.01;

/**
 * Whether what was asked for was sent. Not who is to blame when it was not: that is for the other checks.
 * The last request of each worker may have been on its way out when time was up.
 */
export function checkSchedule({ pace, scheduledInTime, sentInTime, figures }: TrustFacts): TrustCheck {
  const check = 'schedule';
  if (scheduledInTime === 0) return { check, verdict: 'do not trust', text: 'Nothing was measured' };
  if (pace === 'closed') {
    return {
      check,
      verdict: 'trust',
      text: `A closed loop has no schedule to miss: ${plural(sentInTime, 'request')} sent`,
    };
  }
  const missed = scheduledInTime - sentInTime;
  const share = missed <= figures.generator.workers ? 1 : sentInTime / scheduledInTime;
  const sent = `${numberWords(sentInTime)} of ${plural(scheduledInTime, 'request')} that were due`;
  if (share >= KEPT) return { check, verdict: 'trust', text: `The load was as planned: ${sent} were sent in time` };
  const text = `The load was less than planned: ${sent} were sent in time (${percentWords(sentInTime / scheduledInTime)})`;
  return { check, verdict: share >= NEARLY_KEPT ? 'doubt' : 'do not trust', text };
}

/** What is given up unsent has no response time, and it would have been one of the longest. */
export function checkDrops({ figures: { dropped, scheduled } }: TrustFacts): TrustCheck {
  const check = 'drops';
  if (dropped === 0) return { check, verdict: 'trust', text: 'No request was dropped' };
  const share = dropped / Math.max(scheduled, dropped);
  const text = `${plural(dropped, 'request was', 'requests were')} dropped unsent (${percentWords(share)}) since too many were waiting: the longest response times are missing`;
  return { check, verdict: share <= FEW_DROPS ? 'doubt' : 'do not trust', text };
}

/** A run that was ended has measured something else than was planned; one that lost a worker has less load than it says. */
export function checkEnd({ outcome: { outcome, reason }, figures: { measuredMs, plannedMs } }: TrustFacts): TrustCheck {
  const check = 'end';
  if (outcome === 'completed') return { check, verdict: 'trust', text: 'The run came to its planned end' };
  const after = `after ${seconds(measuredMs)} of ${seconds(plannedMs)} s`;
  const how = {
    stopped: 'was stopped',
    aborted: 'was ended by its criteria',
    lost: 'lost its generator',
    failed: 'failed',
  };
  const text = `The run ${how[outcome]} ${after}${reason === null ? '' : `: ${reason}`}`;
  return { check, verdict: outcome === 'stopped' || outcome === 'aborted' ? 'doubt' : 'do not trust', text };
}

function seconds(ms: number): string {
  return numberWords(Number((ms / 1_000).toFixed(1)));
}
