import { MeshwiseError } from '@meshwise/core';
import { formatDuration, type LoadStage, parseDuration } from '@meshwise/load';

const NUMBER = String.raw`\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const STAGE = new RegExp(`^(${NUMBER})(?:\\.\\.(${NUMBER}))?@(.+)$`);

/** `100..500@30s,500@1m`: from 100 to 500 requests per second in 30 seconds, then 500 for a minute. MW8001 when it is not that. */
export function parseStages(text: string, field = '--stages'): LoadStage[] {
  return text.split(',').map((part) => {
    const [, from, to = from, duration] = STAGE.exec(part.trim()) ?? [];
    if (from === undefined || duration === undefined) {
      throw new MeshwiseError('MW8001', 'not a stage', { field, found: part, expected: '500@1m or 100..500@30s' });
    }
    return { durationMs: parseDuration(duration, field), fromRps: Number(from), toRps: Number(to) };
  });
}

/** `parseStages` gives the same stages back. */
export function formatStages(stages: readonly LoadStage[]): string {
  return stages
    .map(({ fromRps, toRps, durationMs }) => {
      const rate = fromRps === toRps ? `${fromRps}` : `${fromRps}..${toRps}`;
      return `${rate}@${formatDuration(durationMs)}`;
    })
    .join(',');
}
