import type { Clock } from '@meshwise/core';

const UNREADY_POLL_MS = 500;
const READY_POLL_MS = 5_000;

export interface ReadyWatchOptions {
  /** True or false as the proxy says, undefined when it does not answer. */
  readonly ask: () => Promise<boolean | undefined>;
  readonly clock: Clock;
  /** Called when the answer has turned. */
  readonly onTurn: () => void;
}

/**
 * Whether a proxy is ready, asked again and again for as long as it lives: one that took long is ready in the end, and one that
 * was started anew is not until it says so. A ready one that gives no answer stays ready, since its admin interface is not what
 * carries requests.
 */
export class ReadyWatch {
  readonly #o: ReadyWatchOptions;
  #ready = false;
  #process = 0;
  #running: AbortController | undefined;

  constructor(options: ReadyWatchOptions) {
    this.#o = options;
  }

  get ready(): boolean {
    return this.#ready;
  }

  start(): void {
    if (this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    void this.#run(running.signal);
  }

  /** The process has ended: what it said does not hold for the next one. */
  reset(): void {
    this.#process += 1;
    this.#set(false);
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Asks now. */
  async check(): Promise<boolean> {
    const process = this.#process;
    const answer = await this.#o.ask();
    if (process === this.#process) this.#set(answer ?? this.#ready);
    return this.#ready;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ready = await this.check();
      await this.#o.clock.sleep(ready ? READY_POLL_MS : UNREADY_POLL_MS, signal).catch(() => undefined);
    }
  }

  #set(ready: boolean): void {
    if (ready === this.#ready) return;
    this.#ready = ready;
    this.#o.onTurn();
  }
}
