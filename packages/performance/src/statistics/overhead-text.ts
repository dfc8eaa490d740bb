import type { AddedReport, Difference, Estimate, Reference, VariantReport } from '../record/experiment-record.ts';
import type { PathVariant } from '../record/run-record.ts';
import { FEWEST_UNITS } from './estimate.ts';
import type { OverheadBlock } from './overhead-block.ts';

export const VARIANT_WORDS: Readonly<Record<PathVariant, string>> = {
  none: 'no sidecar',
  server: 'the server’s sidecar',
  both: 'the sidecars of client and server',
};

/** What a reader of the figures has to know about how they came about. */
export function overheadNotes(
  blocks: readonly OverheadBlock[],
  rounds: number,
  leftOut: readonly { readonly round: number; readonly missing: readonly PathVariant[] }[],
): string[] {
  const notes: string[] = [];
  for (const { round, missing } of leftOut) {
    notes.push(
      `Round ${round} is left out: nothing was measured with ${missing.map((one) => VARIANT_WORDS[one]).join(', with ')}.`,
    );
  }
  if (rounds < FEWEST_UNITS) {
    notes.push(
      `${rounds === 1 ? '1 round is' : `${rounds} rounds are`} too few for intervals; they take ${FEWEST_UNITS}.`,
    );
  }
  const count = (verdict: OverheadBlock['trust']) => blocks.filter(({ trust }) => trust === verdict).length;
  const [doubtful, untrusted] = [count('doubt'), count('do not trust')];
  if (untrusted > 0) notes.push(`${untrusted} of ${blocks.length} blocks are not to be trusted; the runs say why.`);
  if (doubtful > 0) notes.push(`${doubtful} of ${blocks.length} blocks are doubtful; the runs say why.`);
  const failed = blocks.reduce((sum, block) => sum + block.failed, 0);
  const completed = blocks.reduce((sum, block) => sum + block.completed, 0);
  if (failed > 0) {
    notes.push(`${failed} of ${failed + completed} requests failed; latencies are those of good answers.`);
  }
  return notes;
}

/** What was published, and what was measured here, next to each other. */
export function overheadReferences(
  variants: readonly VariantReport[],
  added: readonly AddedReport[],
  sidecars: Partial<Record<PathVariant, number>>,
): Reference[] {
  const most =
    variants.find(({ variant }) => variant === 'both') ?? variants.find(({ variant }) => variant === 'server');
  const whole = added.find(({ from, to }) => from === 'none' && to === 'both');
  const references: Reference[] = [];
  if (most !== undefined) {
    references.push({
      missionId: '001-67',
      title: 'A sidecar at 1,000 requests per second',
      published: '0.5 vCPU and 50 MB (Istio, one proxy)',
      measured: perThousand(most, sidecars[most.variant]),
    });
  }
  if (whole !== undefined) {
    references.push({
      missionId: '001-69',
      title: 'Added to the 90th percentile',
      published: '2.76 ms (Istio, the sidecars of client and server)',
      measured: addedText(whole.responseP90Ms),
    });
  }
  return references;
}

/**
 * n ms of CPU for 1,000 requests are n/1,000 of a core at 1,000 requests per second. Memory hardly depends on the rate, so what
 * was used is said first, and then by the rule of three, as it was published.
 */
function perThousand(report: VariantReport, sidecars: number | undefined): string {
  const { sidecarCpuMsPer1000Requests: cpu, sidecarMemoryBytes: memory, achievedRps } = report;
  if (cpu.value === null) return 'not known';
  const cores = scaled(cpu, 1 / 1_000);
  const rps = achievedRps.value ?? 0;
  const parts = [`${cores.value?.toFixed(2)} vCPU${range(cores, 2)}`];
  if (memory.value !== null) parts.push(`${(memory.value / 1e6).toFixed(0)} MB`);
  const by =
    sidecars === undefined
      ? 'all sidecars on the path'
      : sidecars === 1
        ? '1 sidecar'
        : `${sidecars} sidecars together`;
  // Memory need not grow with the rate, so the figure by rate is that of the published one and no forecast.
  const byRate =
    memory.value === null || rps === 0
      ? ''
      : `; divided by the rate ${(memory.value / 1e3 / rps).toFixed(0)} MB per 1,000 rps`;
  return `${parts.join(' and ')} (${by}, measured at ${rps.toFixed(0)} rps${byRate})`;
}

function addedText(difference: Difference): string {
  if (difference.value === null) return 'not known';
  const known =
    difference.verdict === 'within noise' ? ', within noise' : difference.verdict === 'unknown' ? ', no interval' : '';
  return `${fixed(difference.value, 2)} ms${range(difference, 2)}${known}`;
}

function scaled({ value, low, high }: Estimate, factor: number): Estimate {
  const by = (figure: number | null) => (figure === null ? null : figure * factor);
  return { value: by(value), low: by(low), high: by(high) };
}

function range({ low, high }: Estimate, digits: number): string {
  return low === null || high === null ? '' : ` [${fixed(low, digits)}, ${fixed(high, digits)}]`;
}

/** With a minus sign rather than a hyphen. */
function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−');
}
