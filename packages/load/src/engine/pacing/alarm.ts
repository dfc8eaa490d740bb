import { Worker } from 'node:worker_threads';
import { type AlarmMemory, alarmMemory, setDeadline } from './alarm-memory.ts';

/**
 * Wakes the event loop at a moment more exact than a timer's millisecond, without blocking it: answers that come in the meantime
 * are read when they come. A thread of its own does the waiting. Never keeps the process alive.
 */
export class Alarm {
  readonly #memory: AlarmMemory = alarmMemory();
  readonly #thread: Worker;
  #setNs = Number.POSITIVE_INFINITY;
  onRing: () => void = () => {};

  constructor() {
    this.#thread = new Worker(new URL('./alarm-thread.ts', import.meta.url), { workerData: this.#memory });
    this.#thread.on('message', () => {
      this.#setNs = Number.POSITIVE_INFINITY;
      this.onRing();
    });
    // Without it requests are late, which L says; the pacer's heartbeat goes on.
    this.#thread.on('error', () => {});
    this.#thread.unref();
  }

  set(atNs: number): void {
    if (atNs === this.#setNs) return;
    this.#setNs = atNs;
    setDeadline(this.#memory, atNs);
  }
}
