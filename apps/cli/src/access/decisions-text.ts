import type { AccessDecision } from '@meshwise/api';
import { type Cell, table } from '../output/table.ts';
import type { Paint, Tone } from '../output/tone.ts';
import { rulesText } from './mark.ts';

const TONES: Readonly<Record<AccessDecision['verdict'], Tone>> = {
  allowed: 'good',
  refused: 'bad',
  asked: 'warn',
  unknown: 'warn',
};

/** One line for each pair that a question means. */
export function decisionsText(decisions: readonly AccessDecision[], paint: Paint): string {
  const rows = decisions.map(({ client, server, port, verdict, status, reason, by }): Cell[] => [
    { text: verdict, tone: TONES[verdict] },
    status,
    client,
    `${server}:${port}`,
    reason,
    by.length === 0 ? null : rulesText(by),
  ]);
  return table(['VERDICT', 'STATUS', 'FROM', 'TO', 'WHY', 'DECIDED BY'], rows, paint);
}
