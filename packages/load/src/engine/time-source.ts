/**
 * The engine's own clock. `Clock` counts in milliseconds and calls back on whole ones, where this engine measures microseconds
 * and has to know what each reading costs. One of the few files that look at the time themselves.
 */
export interface TimeSource {
  /** Nanoseconds from an arbitrary origin; never goes back. */
  nowNs(): number;
}

/**
 * The monotonic clock of the machine, the same for all threads and processes. Its own reading makes a big integer each time;
 * `performance.now` is the same clock from another origin, and makes nothing.
 */
const ORIGIN_NS = originNs();

export const systemTimeSource: TimeSource = { nowNs: () => ORIGIN_NS + performance.now() * 1e6 };

/** The smallest step that the clock was seen to take. */
export function clockResolutionNs(source: TimeSource): number {
  let smallestNs = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < 1_000; sample++) {
    const beforeNs = source.nowNs();
    let afterNs = source.nowNs();
    while (afterNs === beforeNs) afterNs = source.nowNs();
    smallestNs = Math.min(smallestNs, afterNs - beforeNs);
  }
  return Math.max(1, Math.round(smallestNs));
}

/** Of several tries the one that took the shortest: in the middle of the others this thread may have lost its core. */
function originNs(): number {
  let best = { tookNs: Number.POSITIVE_INFINITY, originNs: 0 };
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const before = process.hrtime.bigint();
    const nowNs = performance.now() * 1e6;
    const tookNs = Number(process.hrtime.bigint() - before);
    if (tookNs < best.tookNs) best = { tookNs, originNs: Number(before) + tookNs / 2 - nowNs };
  }
  return best.originNs;
}
