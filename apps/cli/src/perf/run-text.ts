import type { Distribution, LoadSummary } from '@meshwise/load';
import {
  bytesText,
  latencyText,
  numberText,
  percentText,
  type RunRecord,
  rateText,
  runVerdict,
  TRUST_WORDS,
  timeText,
} from '@meshwise/performance';
import { clean, table } from '../output/table.ts';
import type { Paint, Tone } from '../output/tone.ts';

const TONES = { good: 'good', doubt: 'warn', bad: 'bad', plain: 'plain' } as const satisfies Record<string, Tone>;
const VERDICT_TONES = { trust: 'good', doubt: 'warn', 'do not trust': 'bad' } as const satisfies Record<string, Tone>;

/** A result on a terminal: how it came out, whether to believe it, the three times of a request, errors, and who used what. */
export function runText(record: RunRecord, paint: Paint): string {
  const { summary } = record;
  const verdict = runVerdict(record);
  const head = `${paint(verdict.word, TONES[verdict.tone])}: ${clean(verdict.text)}\n`;
  const about = `${paint('result', 'quiet')} ${record.id}  ${clean(record.name)}  ${clean(record.target.url)}\n`;
  if (summary === null) return head + about;
  return [
    head,
    trustText(summary, paint),
    '',
    timesText(summary, paint),
    ratesText(summary),
    errorsText(summary, paint),
    useText(record, paint),
    about,
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

function trustText({ trust }: LoadSummary, paint: Paint): string {
  const line = `${paint(TRUST_WORDS[trust.verdict], VERDICT_TONES[trust.verdict])}: ${clean(trust.reason)}`;
  const against = trust.checks.filter(
    ({ verdict, text }) => verdict !== 'trust' && !trust.reason.toLowerCase().includes(text.toLowerCase()),
  );
  return [
    line,
    ...against.map(({ verdict, text }) => `  ${paint(verdict, VERDICT_TONES[verdict])}: ${clean(text)}`),
  ].join('\n');
}

const TIMES: readonly (readonly [string, (summary: LoadSummary) => Distribution])[] = [
  ['response (intended → done)', ({ response }) => response],
  ['service (sent → done)', ({ service }) => service],
  ['lag (intended → sent)', ({ lag }) => lag],
];

function timesText(summary: LoadSummary, paint: Paint): string {
  const rows = TIMES.map(([name, of]) => {
    const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs, meanMs } = of(summary);
    return [name, ...[p50Ms, p90Ms, p99Ms, p999Ms, maxMs, meanMs].map(latencyText)];
  });
  return table(['TIME', 'P50', 'P90', 'P99', 'P99.9', 'MAX', 'MEAN'], rows, paint);
}

function ratesText(summary: LoadSummary): string {
  const { requestedRps, achievedRps, completed, failed, dropped, measuredMs, bytesReceived, connectionsOpened } =
    summary;
  const asked = requestedRps === null ? 'no rate was set' : `${rateText(requestedRps)} requested`;
  const share =
    requestedRps === null || requestedRps === 0 ? '' : ` (${percentText((achievedRps * 100) / requestedRps)})`;
  return [
    `${rateText(achievedRps)} achieved, ${asked}${share}, over ${timeText(measuredMs)}`,
    `${numberText(completed)} answers, ${numberText(failed)} failed, ${numberText(dropped)} dropped; ${bytesText(bytesReceived)} received, ${numberText(connectionsOpened)} connections opened`,
    '',
  ].join('\n');
}

function errorsText({ errors }: LoadSummary, paint: Paint): string | undefined {
  if (errors.length === 0) return undefined;
  return table(
    ['ERROR', 'COUNT', 'AS'],
    errors.map(({ kind, count, sample }) => [{ text: kind, tone: 'bad' }, count, sample]),
    paint,
  );
}

function useText({ use }: RunRecord, paint: Paint): string | undefined {
  if (use.length === 0) return undefined;
  const rows = use.map((one) => [
    one.role,
    one.name,
    one.cpuMillicoresMean === null ? null : `${Math.round(one.cpuMillicoresMean)}m`,
    one.cpuMillicoresMax === null ? null : `${Math.round(one.cpuMillicoresMax)}m`,
    one.cpuMsPer1000Requests === null ? null : `${numberText(one.cpuMsPer1000Requests)} ms`,
    one.memoryBytesMax === null ? null : bytesText(one.memoryBytesMax),
  ]);
  return table(['ROLE', 'NAME', 'CPU', 'CPU MAX', 'CPU/1000 REQUESTS', 'MEMORY MAX'], rows, paint);
}
