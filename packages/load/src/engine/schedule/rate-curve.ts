import type { LoadStage } from '../../plan/plan.ts';

interface Segment {
  readonly fromNs: number;
  readonly seconds: number;
  readonly fromRps: number;
  /** Change of the rate in each second. */
  readonly slope: number;
  /** Requests before it, and in it. */
  readonly before: number;
  readonly area: number;
}

/**
 * A rate that changes over time. Its integral says how many requests there are until a moment; the inverse of that, which has a
 * closed form where rates change evenly, says when each request is due. No error adds up, and nothing depends on what was sent.
 */
export class RateCurve {
  readonly #segments: readonly Segment[];
  readonly area: number;
  /** Questions come in growing order, so the answer is mostly in the same segment as the last. */
  #at = 0;

  constructor(stages: readonly LoadStage[], fromNs = 0) {
    const segments: Segment[] = [];
    let startNs = fromNs;
    let before = 0;
    for (const { durationMs, fromRps, toRps } of stages) {
      const seconds = durationMs / 1_000;
      const area = ((fromRps + toRps) / 2) * seconds;
      if (area > 0) {
        segments.push({ fromNs: startNs, seconds, fromRps, slope: (toRps - fromRps) / seconds, before, area });
      }
      startNs += durationMs * 1e6;
      before += area;
    }
    this.#segments = segments;
    this.area = before;
  }

  /** When so many requests are behind: the request with this position, which may lie between two, is due. */
  timeNsOf(position: number): number {
    let segment = this.#segments[this.#at];
    while (segment !== undefined && position >= segment.before + segment.area) segment = this.#segments[++this.#at];
    if (segment === undefined || position < segment.before) return this.#search(position);
    return momentNs(segment, position - segment.before);
  }

  #search(position: number): number {
    const found = this.#segments.findIndex(({ before, area }) => position < before + area);
    this.#at = found === -1 ? this.#segments.length : found;
    const segment = this.#segments[this.#at] ?? this.#segments.at(-1);
    return segment === undefined ? Number.POSITIVE_INFINITY : momentNs(segment, position - segment.before);
  }
}

/** Solves `fromRps · t + slope · t² / 2 = area` for t, in the form that loses no digits when the slope is small. */
function momentNs({ fromNs, seconds, fromRps, slope, area: whole }: Segment, area: number): number {
  if (area <= 0) return fromNs;
  if (area >= whole) return fromNs + seconds * 1e9;
  const atSeconds = (2 * area) / (fromRps + Math.sqrt(Math.max(0, fromRps * fromRps + 2 * slope * area)));
  return fromNs + Math.min(atSeconds, seconds) * 1e9;
}
