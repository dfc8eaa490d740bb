import type { LiveRun } from '@meshwise/performance';

/** One line of what goes on: how far, how fast against what was asked for, how long answers take, what fails. */
export function liveLine(run: LiveRun): string {
  const { elapsedMs, remainingMs, requestedRps, achievedRps, response, failed, dropped } = run;
  const asked = requestedRps === null ? '' : ` of ${rounded(requestedRps)}`;
  const parts = [
    ...(run.step === null ? [] : [run.step]),
    run.phase === 'measuring' ? `${seconds(elapsedMs)} of ${seconds(elapsedMs + remainingMs)}` : run.phase,
    ...(run.completed + failed === 0
      ? []
      : [
          `${rounded(achievedRps)}/s${asked}`,
          `p50 ${milliseconds(response.p50Ms)}  p99 ${milliseconds(response.p99Ms)}`,
          failed + dropped === 0 ? 'no errors' : `${failed} failed${dropped === 0 ? '' : `, ${dropped} dropped`}`,
        ]),
  ];
  return parts.join('  ·  ');
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function milliseconds(ms: number | null): string {
  if (ms === null) return '–';
  return `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
