import { type Interval, mergeSparse } from '@meshwise/load';

const HISTOGRAMS = ['service', 'response', 'lag', 'errorResponse'] as const;

/** What the histograms of an interval take in memory, in numbers. */
export function sizeOf(interval: Interval): number {
  return HISTOGRAMS.reduce((sum, name) => sum + interval[name].length, 0);
}

/**
 * Intervals of which the histograms are added up over steps of seconds, for each worker: the first interval of a step has them all,
 * and those after it none. Everything else stays as it is, second by second, and so does what all of them add up to. The warm-up
 * is never added to the measured time, since no step reaches over its end.
 */
export class FoldedIntervals {
  readonly intervals: Interval[] = [];
  #stepSeconds = 1;
  #size = 0;
  /** Where the first interval of each step is. */
  #firsts = new Map<string, number>();

  get stepSeconds(): number {
    return this.#stepSeconds;
  }

  /** Numbers in all histograms. */
  get size(): number {
    return this.#size;
  }

  add(interval: Interval): void {
    this.#put(this.intervals.length, interval);
  }

  /** Makes steps twice as long. */
  fold(): void {
    this.#stepSeconds *= 2;
    this.#size = 0;
    this.#firsts = new Map();
    for (const [at, interval] of this.intervals.entries()) this.#put(at, interval);
  }

  #put(at: number, interval: Interval): void {
    const step = `${interval.worker}/${Math.floor(interval.second / this.#stepSeconds)}`;
    const firstAt = this.#firsts.get(step);
    const first = firstAt === undefined ? undefined : this.intervals[firstAt];
    if (this.#stepSeconds === 1 || firstAt === undefined || first === undefined) {
      this.#firsts.set(step, at);
      this.intervals[at] = interval;
      this.#size += sizeOf(interval);
    } else if (sizeOf(interval) === 0) {
      this.intervals[at] = interval;
    } else {
      const sum = { ...first, ...eachOf((name) => mergeSparse(first[name], interval[name])) };
      this.#size += sizeOf(sum) - sizeOf(first);
      this.intervals[firstAt] = sum;
      this.intervals[at] = { ...interval, ...eachOf(() => []) };
    }
  }
}

function eachOf<T>(of: (name: (typeof HISTOGRAMS)[number]) => T): Record<(typeof HISTOGRAMS)[number], T> {
  return { service: of('service'), response: of('response'), lag: of('lag'), errorResponse: of('errorResponse') };
}
