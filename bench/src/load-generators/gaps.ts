import { percentile } from '../stats/percentile.ts';

/** How evenly requests came, seen where they arrive. */
export interface Evenness {
  readonly idealUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** The 99th percentile as a multiple of the ideal; 1 is perfect. */
  readonly p99OfIdeal: number;
  /** Share of the gaps that are less than a tenth of the ideal: requests that came together. */
  readonly togetherShare: number;
}

const TOGETHER = 0.1;

/** Of moments in growing order that should be `1 / rps` apart. */
export function evennessOf(arrivalsNs: readonly number[], rps: number): Evenness {
  const idealUs = 1e6 / rps;
  const gapsUs = arrivalsNs.slice(1).map((arrivedNs, index) => (arrivedNs - (arrivalsNs[index] ?? arrivedNs)) / 1_000);
  const p99Us = percentile(gapsUs, 0.99);
  return {
    idealUs,
    p50Us: percentile(gapsUs, 0.5),
    p99Us,
    p99OfIdeal: p99Us / idealUs,
    togetherShare: gapsUs.filter((gapUs) => gapUs < TOGETHER * idealUs).length / gapsUs.length,
  };
}
