import { type Clock, MeshwiseError } from '@meshwise/core';
import type { UseProbe, UseReading } from './ports.ts';

const EVERY_MS = 1_000;
/** A probe that takes longer has failed: the next second's reading is worth more than this one's. */
const PATIENCE_MS = 2_000;

export interface UseWatchOptions {
  readonly probe: UseProbe;
  readonly clock: Clock;
  /** `atMs` by the monotonic clock. */
  readonly onReadings: (atMs: number, readings: readonly UseReading[]) => void;
}

/** Reads what everyone uses once a second and whenever it is asked to. A probe that fails is noted and asked again. */
export class UseWatch {
  readonly #options: UseWatchOptions;
  #reading: Promise<void> | undefined;
  #cancel: () => void = () => {};
  #stopped = false;
  #failures = 0;
  #reason = '';

  constructor(options: UseWatchOptions) {
    this.#options = options;
    this.#tick();
  }

  /** Undefined when every reading was had. */
  get note(): string | undefined {
    if (this.#failures === 0) return undefined;
    const times = this.#failures === 1 ? 'once' : `${this.#failures} times`;
    return `What everyone used could not be read ${times}: ${this.#reason}.`;
  }

  /** A reading that begins now, or the one under way. Never rejects. */
  read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Takes the last reading. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancel();
    await this.read();
  }

  #tick(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(EVERY_MS, () => this.#tick());
    void this.read();
  }

  async #readOnce(): Promise<void> {
    const { probe, clock, onReadings } = this.#options;
    const begunMs = clock.monotonicMs();
    let giveUp: () => void = () => {};
    const patience = new Promise<never>((_, reject) => {
      giveUp = clock.after(PATIENCE_MS, () => reject(new Error(`no answer within ${PATIENCE_MS} ms`)));
    });
    try {
      const readings = await Promise.race([probe.read(), patience]);
      // Nobody knows when in between the counters were looked at.
      onReadings((begunMs + clock.monotonicMs()) / 2, readings);
    } catch (error) {
      this.#failures++;
      this.#reason = MeshwiseError.from(error).summary;
    } finally {
      giveUp();
    }
  }
}
