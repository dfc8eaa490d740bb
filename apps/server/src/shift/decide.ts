import { parseDurationMs, type TrafficShiftSpec } from '@meshwise/resources';
import { type Judged, judgedWords } from './gate.ts';

/** Where a shift stands when the weights that were to be set are set. */
export interface Standing {
  readonly step: number;
  readonly heldMs: number;
  readonly isPaused: boolean;
  readonly judged: Judged;
}

/** What is to be done now, and why, in words with figures. */
export type Decision =
  | { readonly act: 'wait'; readonly why: string }
  | { readonly act: 'pause'; readonly why: string }
  | { readonly act: 'resume'; readonly why: string }
  /** A gate failed and the shift is to stay where it is. */
  | { readonly act: 'stop'; readonly why: string }
  | { readonly act: 'restore'; readonly why: string }
  | { readonly act: 'step'; readonly step: number; readonly why: string }
  /** The weights of the last step stay for good. */
  | { readonly act: 'promote'; readonly why: string };

/**
 * The whole policy of a shift. What people ask for comes first, and back before forward; nothing happens by itself while it
 * is paused. A gate that fails is acted on as soon as it has its requests, without waiting for the end of the hold; forward it
 * goes only after the hold, and past a gate only when that has passed.
 */
export function decide(spec: TrafficShiftSpec, standing: Standing): Decision {
  const { step: index, heldMs, judged, isPaused } = standing;
  const step = spec.steps[index];
  if (spec.abort === true) return { act: 'restore', why: 'abort was asked for' };
  if (spec.promote === true) return { act: 'promote', why: 'promotion was asked for, whatever gates say' };
  if (spec.paused === true) return isPaused ? wait('it is paused') : { act: 'pause', why: 'pause was asked for' };
  if (isPaused) return { act: 'resume', why: 'the pause ended; the window begins anew' };
  if (step === undefined) return wait(`there is no step ${index + 1} any more`);
  if (judged.verdict === 'fail') return failed(spec, judgedWords(judged));
  const holdMs = parseDurationMs(step.hold ?? '0s') ?? 0;
  if (heldMs < holdMs) return wait(`holding, ${seconds(heldMs)} of ${seconds(holdMs)}`);
  if (judged.verdict === 'insufficient') {
    const words = judgedWords(judged);
    const timeoutMs = spec.dataTimeout === undefined ? undefined : parseDurationMs(spec.dataTimeout);
    if (timeoutMs === undefined || heldMs - holdMs < timeoutMs) return wait(words);
    return failed(spec, `${words}, ${seconds(timeoutMs)} after the hold`);
  }
  const why = judged.verdict === 'pass' ? judgedWords(judged) : `held for ${seconds(heldMs)}, without a gate`;
  return index + 1 < spec.steps.length ? { act: 'step', step: index + 1, why } : { act: 'promote', why };
}

function failed({ onFailure }: TrafficShiftSpec, why: string): Decision {
  return { act: onFailure === 'Pause' ? 'stop' : 'restore', why: `the gate failed: ${why}` };
}

function wait(why: string): Decision {
  return { act: 'wait', why };
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1_000)} s`;
}
