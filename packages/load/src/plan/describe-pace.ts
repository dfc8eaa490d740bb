import { durationWords } from './duration.ts';
import type { LoadPlan, LoadStage } from './plan.ts';
import { plannedMs, plannedRequests } from './schedule.ts';
import { numberWords, plural, rateWords } from './words.ts';

/** More stages than anybody reads are counted. */
const STAGES_SHOWN = 6;

/** When requests begin, how long, and how many that will be. */
export function describePace(plan: LoadPlan): string[] {
  const { pace, maxRequests } = plan;
  const lasts = durationWords(plannedMs(plan));
  const mayEnd = maxRequests !== null && (pace.kind === 'closed' || pace.arrivals === 'poisson');
  const end = !mayEnd ? [] : [`Ends after ${plural(maxRequests, 'request')}, if it comes to that`];
  if (pace.kind === 'closed') {
    const cap = pace.maxRps === null ? '' : `, in all no faster than ${rateWords(pace.maxRps)}`;
    const streams = plan.connections.streamsPerConnection;
    const next =
      streams === 1
        ? 'sends its next request after the last answer'
        : `keeps ${numberWords(streams)} requests under way, a new one after each answer`;
    return [
      `Closed loop: each connection ${next}${cap}, for ${lasts}`,
      'A closed loop asks a slow server less often, so its latencies hide what callers would have waited',
      ...end,
    ];
  }
  const planned = plannedRequests(plan) ?? 0;
  const spacing = pace.arrivals === 'constant' ? 'evenly spaced' : 'at random times (Poisson)';
  const so = `so ${pace.arrivals === 'constant' ? '' : 'about '}${plural(planned, 'request')}`;
  const [first] = pace.stages;
  const single = pace.stages.length === 1 && first?.fromRps === first?.toRps;
  if (single) return [`Open loop: ${rateWords(first?.fromRps ?? 0)}, ${spacing}, for ${lasts}, ${so}`, ...end];
  return [`Open loop, ${spacing}, for ${lasts}, ${so}: ${describeStages(pace.stages)}`, ...end];
}

function describeStages(stages: readonly LoadStage[]): string {
  const shown = stages
    .slice(0, STAGES_SHOWN)
    .map(({ fromRps, toRps, durationMs }) =>
      fromRps === toRps
        ? `${rateWords(fromRps)} for ${durationWords(durationMs)}`
        : `from ${numberWords(fromRps)} to ${rateWords(toRps)} in ${durationWords(durationMs)}`,
    );
  const more = stages.length - shown.length;
  return `${shown.join(', then ')}${more > 0 ? `, and ${plural(more, 'stage')} more` : ''}`;
}
