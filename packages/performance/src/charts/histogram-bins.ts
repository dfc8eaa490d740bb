import type { Histogram } from '@meshwise/load';
import { areaPath, barPath, linePath, type Point } from './path.ts';
import type { Scale } from './scale.ts';
import type { Mark } from './scene.ts';

/** How many values lie in each of `count` bins, of which the scale gives the n-th from n to n + 1. */
export function binCounts(histogram: Histogram, scale: Scale, count: number): Float64Array {
  const bins = new Float64Array(count);
  for (const [low, high, inBucket] of histogram.buckets()) {
    const index = Math.floor(scale.at((low + high) / 2e6));
    if (index >= 0 && index < count) bins[index] = (bins[index] ?? 0) + inBucket;
  }
  return bins;
}

export function countBeyond(histogram: Histogram, limitMs: number): number {
  let count = 0;
  for (const [low, high, inBucket] of histogram.buckets()) if ((low + high) / 2e6 >= limitMs) count += inBucket;
  return count;
}

interface Plot {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly y: Scale;
}

/** The rarest latency is seen too: a bar is at least a pixel high. */
export function bars(bins: Float64Array, { left, right, bottom, y }: Plot): string {
  const wide = (right - left) / bins.length;
  const bar = (value: number, index: number) =>
    value === 0
      ? ''
      : barPath(left + index * wide, Math.min(y.at(value), bottom - 1), wide - 1, Math.max(1, bottom - y.at(value)));
  return Array.from(bins, bar).join('');
}

export function outline(bins: Float64Array, { left, right, bottom, y }: Plot): readonly Mark[] {
  const wide = (right - left) / bins.length;
  const points = Array.from(bins, (value, index): Point => [left + (index + 0.5) * wide, y.at(value)]);
  return [
    { shape: 'fill', d: areaPath(points, bottom) },
    { shape: 'line', d: linePath(points) },
  ];
}
