import { cpus } from 'node:os';
import { type Clock, MeshwiseError } from '@meshwise/core';
import type { FromWorker, Shard, ToWorker } from '../run/contract.ts';
import { EngineRun } from './engine-run.ts';
import { Alarm } from './pacing/alarm.ts';
import { readPlan, readToWorker } from './read-to-worker.ts';
import { clockResolutionNs, systemTimeSource } from './time-source.ts';

/** One coordinator's conversation with this process: runs, one after the other. */
export class WorkerSession {
  readonly #clock: Clock;
  readonly #say: (message: FromWorker) => void;
  readonly #alarm = new Alarm();
  #run: EngineRun | null = null;

  constructor(clock: Clock, say: (message: FromWorker) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  /** Takes one line of it. Whatever is wrong is answered with `failed`. */
  take(line: string): void {
    try {
      this.#take(readToWorker(line));
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(message: ToWorker): void {
    if (message.type === 'run') this.#begin(message.plan, message.shard);
    else if (message.type === 'start') this.#run?.start(message.atNs);
    else this.#run?.stop();
  }

  #begin(plan: unknown, shard: Shard): void {
    if (this.#run !== null) throw new MeshwiseError('MW8005', 'A worker was given a run while it has one.');
    const run = new EngineRun(readPlan(plan), shard, {
      clock: this.#clock,
      source: systemTimeSource,
      alarm: this.#alarm,
      // With no core to spare on this machine, turning would take the target's.
      isGentle: cpus().length <= shard.count,
      cpuMs,
      emit: (interval) => this.#say({ type: 'interval', interval }),
    });
    this.#run = run;
    run.over.then(() => {
      this.#run = null;
      this.#say({ type: 'done' });
    });
    run.open().then(
      () => this.#say({ type: 'ready', clockResolutionNs: clockResolutionNs(systemTimeSource) }),
      (error: unknown) => this.#fail(error),
    );
  }

  #fail(error: unknown): void {
    this.#say({ type: 'failed', error: MeshwiseError.from(error).toJSON() });
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
