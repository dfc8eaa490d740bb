import type { LoadPlan, LoadStage } from './plan.ts';

/**
 * How long the plan measures, the warm-up left out: when the last request is due that it may send. In a closed loop, and with Poisson
 * arrivals, nobody knows beforehand when `maxRequests` will have been sent, and it may be over before.
 */
export function plannedMs(plan: LoadPlan): number {
  const { pace, maxRequests } = plan;
  if (pace.kind === 'closed') return pace.durationMs;
  const { stages } = pace;
  if (!endsWithItsRequests(plan) || maxRequests === null) return durationOf(stages);
  let [earlyMs, lateMs] = [0, durationOf(stages)];
  while (lateMs - earlyMs > 1e-4) {
    const middleMs = (earlyMs + lateMs) / 2;
    if (areaOf(cutOff(stages, middleMs)) < maxRequests) earlyMs = middleMs;
    else lateMs = middleMs;
  }
  return Number(lateMs.toFixed(3));
}

/** Whether the last request that it may send is due at a known time, before its stages have ended. */
export function endsWithItsRequests({ pace, maxRequests }: LoadPlan): boolean {
  return (
    pace.kind === 'open' && pace.arrivals === 'constant' && maxRequests !== null && areaOf(pace.stages) > maxRequests
  );
}

/**
 * Requests of the measured time: how many an open loop sends (with Poisson arrivals: on average), how many a closed one sends
 * at most; null when nothing but the server limits them.
 */
export function plannedRequests({ pace, maxRequests }: LoadPlan): number | null {
  if (pace.kind === 'open') return Math.min(requestsOf(pace.stages), maxRequests ?? Infinity);
  const capped = pace.maxRps === null ? null : Math.floor((pace.maxRps * pace.durationMs) / 1_000);
  return capped === null || maxRequests === null ? (capped ?? maxRequests) : Math.min(capped, maxRequests);
}

/** Requests per second that are asked for at a moment of the measured time; before it, in the warm-up, those of its beginning. */
export function rateAt({ pace }: LoadPlan, atMs: number): number | null {
  if (pace.kind === 'closed') return pace.maxRps;
  let fromMs = 0;
  for (const { durationMs, fromRps, toRps } of pace.stages) {
    if (atMs < fromMs + durationMs) return fromRps + (toRps - fromRps) * Math.max(0, (atMs - fromMs) / durationMs);
    fromMs += durationMs;
  }
  return 0;
}

/** On average from the beginning of the measured time until a moment of it; null in a closed loop without a cap. */
export function meanRps(plan: LoadPlan, untilMs = plannedMs(plan)): number | null {
  const { pace } = plan;
  if (pace.kind === 'closed') return pace.maxRps;
  if (untilMs <= 0) return rateAt(plan, 0);
  const rps = (areaOf(cutOff(pace.stages, untilMs)) / Math.min(untilMs, durationOf(pace.stages))) * 1_000;
  return Number(rps.toFixed(6));
}

export function peakRps(stages: readonly LoadStage[]): number {
  return Math.max(...stages.map(({ fromRps, toRps }) => Math.max(fromRps, toRps)));
}

export function durationOf(stages: readonly LoadStage[]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** The first request is due at the very beginning, so a part of one counts as one. */
export function requestsOf(stages: readonly LoadStage[]): number {
  return Math.ceil(areaOf(stages) - 1e-6);
}

function areaOf(stages: readonly LoadStage[]): number {
  return stages.reduce(
    (sum, { durationMs, fromRps, toRps }) => sum + ((fromRps + toRps) / 2) * (durationMs / 1_000),
    0,
  );
}

/** The stages as far as they lie before a moment. */
function cutOff(stages: readonly LoadStage[], untilMs: number): LoadStage[] {
  let fromMs = 0;
  return stages.map(({ durationMs, fromRps, toRps }) => {
    const lastsMs = Math.max(0, Math.min(durationMs, untilMs - fromMs));
    fromMs += durationMs;
    return { durationMs: lastsMs, fromRps, toRps: fromRps + (toRps - fromRps) * (lastsMs / durationMs) };
  });
}
