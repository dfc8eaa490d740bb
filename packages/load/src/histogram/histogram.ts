import { BEYOND_INDEX, BUCKETS, highestOf, indexOf, lowestOf, middleOf } from './layout.ts';
import { pairsOf, type SparseHistogram } from './sparse.ts';

/**
 * How often which latency occurred, in nanoseconds from 1 ns to an hour, no value off by more than 1/1024. Answers are those
 * of HdrHistogram: a percentile is the largest value of the bucket in which it lies. An empty histogram answers 0 to everything.
 *
 * Recording allocates nothing and touches one counter. Counters are doubles, which count exactly up to 2^53.
 */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  /** Buckets outside of these hold nothing. */
  #low = BUCKETS;
  #high = -1;
  #count = 0;

  static fromSparse(sparse: SparseHistogram): Histogram {
    const histogram = new Histogram();
    histogram.addSparse(sparse);
    return histogram;
  }

  record(ns: number): void {
    this.#add(indexOf(ns), 1);
  }

  recordCount(ns: number, count: number): void {
    if (count > 0) this.#add(indexOf(ns), count);
  }

  add(other: Histogram): void {
    for (let index = other.#low; index <= other.#high; index += 1) {
      const count = other.#counts[index];
      if (count) this.#add(index, count);
    }
  }

  /** Throws when it is not one: what is stored or sent may be damaged, and a lost count would be a lie. */
  addSparse(sparse: SparseHistogram): void {
    for (const [index, count] of pairsOf(sparse)) this.#add(index, count);
  }

  toSparse(): SparseHistogram {
    const sparse: number[] = [];
    for (let index = this.#low; index <= this.#high; index += 1) {
      const count = this.#counts[index];
      if (count) sparse.push(index, count);
    }
    return sparse;
  }

  /** What was recorded since the last time. Takes as long as the range between the smallest and the largest of it is wide. */
  takeSparse(): SparseHistogram {
    const sparse = this.toSparse();
    this.reset();
    return sparse;
  }

  reset(): void {
    this.#counts.fill(0, this.#low, this.#high + 1);
    this.#low = BUCKETS;
    this.#high = -1;
    this.#count = 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Values that were longer than an hour, and clamped. */
  get clamped(): number {
    return this.#counts[BEYOND_INDEX] ?? 0;
  }

  get minNs(): number {
    return this.#count === 0 ? 0 : lowestOf(this.#low);
  }

  get maxNs(): number {
    return this.#count === 0 ? 0 : highestOf(this.#high);
  }

  get meanNs(): number {
    return this.#meanOf((ns) => ns);
  }

  get standardDeviationNs(): number {
    const meanNs = this.meanNs;
    return Math.sqrt(this.#meanOf((ns) => (ns - meanNs) ** 2));
  }

  /**
   * The value that `percentile` percent of all values do not exceed, to the width of a bucket; of 0, the smallest.
   * The count to reach is rounded up, less the error of its computation, as HdrHistogram does: 99.9 % of 1,000 are 999.
   */
  valueAtPercentile(percentile: number): number {
    const exact = (Math.min(percentile, 100) / 100) * this.#count;
    const wanted = Math.max(1, Math.ceil(exact - lastDigitOf(exact)));
    let seen = 0;
    for (let index = this.#low; index <= this.#high; index += 1) {
      seen += this.#counts[index] ?? 0;
      if (seen >= wanted) return percentile === 0 ? lowestOf(index) : highestOf(index);
    }
    return 0;
  }

  /** Every bucket that holds something, from the smallest: its least and greatest value, and how many. */
  *buckets(): IterableIterator<[fromNs: number, toNs: number, count: number]> {
    for (let index = this.#low; index <= this.#high; index += 1) {
      const count = this.#counts[index];
      if (count) yield [lowestOf(index), highestOf(index), count];
    }
  }

  #add(index: number, count: number): void {
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#count += count;
    if (index < this.#low) this.#low = index;
    if (index > this.#high) this.#high = index;
  }

  /** Of a function of every value, the middle of a bucket standing for all in it. */
  #meanOf(value: (ns: number) => number): number {
    let sum = 0;
    for (let index = this.#low; index <= this.#high; index += 1) {
      const count = this.#counts[index];
      if (count) sum += count * value(middleOf(index));
    }
    return this.#count === 0 ? 0 : sum / this.#count;
  }
}

/** The distance from a double to the next. */
function lastDigitOf(value: number): number {
  return value === 0 ? 0 : 2 ** (Math.floor(Math.log2(value)) - 52);
}
