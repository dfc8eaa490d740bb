import type { Measured } from './messages.ts';

/** Counts acknowledgements, and takes time, CPU and bytes from a start to the acknowledgement that was waited for. */
export class Stopwatch {
  #left = 0;
  #startMs = 0;
  #startCpu = process.cpuUsage();
  #pushedBytes = 0;
  #done: ((measured: Measured) => void) | undefined;

  start(acknowledgements: number): Promise<Measured> {
    this.#left = acknowledgements;
    this.#pushedBytes = 0;
    this.#startCpu = process.cpuUsage();
    this.#startMs = performance.now();
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  pushed(bytes: number): void {
    this.#pushedBytes += bytes;
  }

  acknowledged(): void {
    this.#left -= 1;
    if (this.#left !== 0) return;
    const elapsedMs = performance.now() - this.#startMs;
    const { user, system } = process.cpuUsage(this.#startCpu);
    const cpuMs = (user + system) / 1e3;
    this.#done?.({ elapsedMs, cpuMs, rssBytes: process.memoryUsage().rss, pushedBytes: this.#pushedBytes });
  }
}
