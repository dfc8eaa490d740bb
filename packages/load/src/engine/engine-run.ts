import type { Clock } from '@meshwise/core';
import type { LoadPlan } from '../plan/plan.ts';
import type { Interval } from '../result/interval.ts';
import type { Shard } from '../run/contract.ts';
import type { LoadLoop } from './loop/load-loop.ts';
import { makeLoop } from './make-loop.ts';
import { makeProtocol } from './make-protocol.ts';
import type { Alarm } from './pacing/alarm.ts';
import { napNs } from './pacing/nap.ts';
import { Pacer } from './pacing/pacer.ts';
import type { TimeSource } from './time-source.ts';

export interface EngineOptions {
  readonly clock: Clock;
  readonly source: TimeSource;
  readonly alarm: Pick<Alarm, 'set' | 'onRing'>;
  /** See `PacerOptions`. */
  readonly isGentle: boolean;
  readonly cpuMs: () => number;
  readonly emit: (interval: Interval) => void;
}

/** One worker's part of one run, in this process: `open`, then `start`, then `over` — or `stop` at any time. */
export class EngineRun {
  readonly #loop: LoadLoop;
  readonly #pacer: Pacer;

  /** Throws MW8001 for a plan that cannot be carried out. */
  constructor(plan: LoadPlan, shard: Shard, options: EngineOptions) {
    const { clock, source, alarm, isGentle, cpuMs, emit } = options;
    const protocol = makeProtocol(plan, clock);
    this.#loop = makeLoop(plan, shard, { protocol, clock, source, cpuMs, emit, wake: () => this.#pacer.wake() });
    this.#pacer = new Pacer(this.#loop, { clock, source, alarm, napNs, isGentle });
  }

  /** Settles when every connection is open, or one could not be opened. */
  async open(): Promise<void> {
    await this.#loop.pool.open();
  }

  /** Begins the warm-up at a moment of the time source, which may be a little ahead. */
  start(atNs: number): void {
    this.#loop.start(atNs);
    this.#pacer.start();
  }

  stop(): void {
    this.#loop.stop();
  }

  get over(): Promise<void> {
    return this.#loop.over;
  }
}
