import { durationWords } from './duration.ts';
import { impossible } from './impossible.ts';
import type { LoadInput } from './input.ts';
import type { LoadAbort, LoadPace } from './plan.ts';
import { durationOf } from './schedule.ts';

const WINDOW_MS = 5_000;

/** No criterion by default. Windows are of whole seconds, and a run has to last for one. */
export function completeAbort({ abort = {} }: LoadInput, pace: LoadPace): LoadAbort {
  const { errorPercent = null, responseP99Ms = null } = abort;
  const lastsMs = pace.kind === 'open' ? durationOf(pace.stages) : pace.durationMs;
  const wholeSecondsMs = Math.max(1_000, Math.floor(lastsMs / 1_000) * 1_000);
  const windowMs = abort.windowMs ?? Math.min(WINDOW_MS, wholeSecondsMs);
  if (windowMs < 1_000 || windowMs > wholeSecondsMs) {
    const expected = `1 s to ${durationWords(wholeSecondsMs)}`;
    throw impossible('abort.windowMs', 'never a whole second of it', { found: durationWords(windowMs), expected });
  }
  return { errorPercent, responseP99Ms, windowMs };
}
