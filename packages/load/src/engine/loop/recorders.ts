import { IntervalRecorder } from './interval-recorder.ts';

/**
 * What is counted of the warm-up, and of the measured time. A request belongs where it was due, however late it is sent and
 * answered: what the warm-up leaves behind has its influence on what comes after it, and no place in the result.
 */
export class Recorders {
  readonly warmUp: IntervalRecorder;
  readonly measured: IntervalRecorder;
  /** For what happens now and belongs to no request. */
  now: IntervalRecorder;

  constructor(worker: number) {
    this.warmUp = new IntervalRecorder(worker);
    this.measured = new IntervalRecorder(worker);
    this.now = this.warmUp;
  }

  /** For a request that is due at a moment of the measured time, or before. */
  of(intendedNs: number): IntervalRecorder {
    return intendedNs < 0 ? this.warmUp : this.measured;
  }

  beginSecond(second: number): void {
    this.now = second < 0 ? this.warmUp : this.measured;
  }
}
