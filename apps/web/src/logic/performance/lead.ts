import { type AddedReport, type Difference, FIGURE_WORDS, type OverheadReport } from '@meshwise/performance';
import { wholeCost } from './overhead.ts';

const SUBJECTS: Readonly<Record<string, string>> = {
  'none-both': 'Being on the mesh',
  'none-server': 'The server’s sidecar',
  'server-both': 'The client’s sidecar',
};

const LATENCIES = [
  { figure: 'responseP50Ms', at: 'p50' },
  { figure: 'responseP90Ms', at: 'p90' },
  { figure: 'responseP99Ms', at: 'p99' },
] as const;

const VERBS = { more: 'adds', less: 'takes away', unknown: 'seems to add', noise: '' } as const;

/** What an experiment found, in one sentence for people who read no further; undefined when it compares nothing. */
export function leadSentence(report: OverheadReport): string | undefined {
  const added = wholeCost(report);
  if (added === undefined) return undefined;
  const latency = latencyWords(added);
  const resources = resourceWords(added);
  if (latency.length + resources.length === 0) return undefined;
  const ends = resources.length === 0 ? '' : `; its sidecars use ${resources.join(' and ')}`;
  const subject = SUBJECTS[`${added.from}-${added.to}`];
  return `${subject} ${latency.length === 0 ? 'was measured without latencies' : latency.join(', ')}${ends}.`;
}

/** One clause for what is certain, one for what too few rounds only hint at, one for what is noise. */
function latencyWords(added: AddedReport): string[] {
  const kinds: readonly (keyof typeof VERBS)[] = ['more', 'less', 'unknown', 'noise'];
  return kinds.flatMap((kind) => {
    const found = LATENCIES.filter(({ figure }) => kindOf(added[figure]) === kind);
    if (found.length === 0) return [];
    if (kind === 'noise') return [`makes no difference beyond noise at ${list(found.map(({ at }) => at))}`];
    return [`${VERBS[kind]} ${list(found.map(({ figure, at }) => `${sizeOf(added, figure)} at ${at}`))}`];
  });
}

function kindOf({ value, verdict }: Difference): keyof typeof VERBS | undefined {
  if (value === null) return undefined;
  return verdict === 'within noise' ? 'noise' : verdict;
}

function resourceWords(added: AddedReport): string[] {
  const cpu = sizeOf(added, 'sidecarCpuMsPer1000Requests');
  const memory = sizeOf(added, 'sidecarMemoryBytes');
  return [
    ...(cpu === undefined ? [] : [`${cpu} of CPU per 1,000 requests`]),
    ...(memory === undefined ? [] : [memory]),
  ];
}

function sizeOf(added: AddedReport, figure: (typeof FIGURE_WORDS)[number]['figure']): string | undefined {
  const { value } = added[figure];
  const words = FIGURE_WORDS.find((one) => one.figure === figure);
  return value === null || words === undefined ? undefined : words.added(Math.abs(value));
}

function list(words: readonly string[]): string {
  const [last = '', ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`;
}
