import type { LoadPlan } from '../plan/plan.ts';
import type { Interval } from '../result/interval.ts';
import type { FromWorker, Shard, ToWorker, WorkerProcess } from './contract.ts';
import { describeFailure, quoteLine } from './messages-in-words.ts';
import { readMessage } from './read-message.ts';

/** How a worker's part came to its end. `failed`: it said why. `lost`: it is gone, or cannot be understood any more. */
export type LinkEnd =
  | { readonly how: 'done' }
  | { readonly how: 'failed'; readonly reason: string }
  | { readonly how: 'lost'; readonly reason: string };

/** Lines that are no message; a stray one must not end a run. */
const MAX_BAD_LINES = 20;

export interface LinkOptions {
  readonly shard: Shard;
  /** A worker that says more than this is not one of ours any more; about one message a second is usual. */
  readonly maxMessages: number;
  readonly onInterval: (interval: Interval) => void;
}

/** The conversation with one worker process about one run. What it says after its end is not listened to. */
export class WorkerLink {
  readonly #process: WorkerProcess;
  readonly #options: LinkOptions;
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<LinkEnd>();
  #clockResolutionNs = 0;
  #isOver = false;
  #messages = 0;
  #badLines = 0;

  constructor(process: WorkerProcess, options: LinkOptions) {
    this.#process = process;
    this.#options = options;
    process.onLine((line) => this.#read(line));
    process.exited.then(({ code, signal }) => {
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      const tail = process.stderrTail().trim();
      this.#lose(tail === '' ? how : `${how}: ${tail}`);
    });
  }

  /** Stays pending when the worker ends before it is ready. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get ended(): Promise<LinkEnd> {
    return this.#ended.promise;
  }

  get exited(): Promise<unknown> {
    return this.#process.exited;
  }

  get clockResolutionNs(): number {
    return this.#clockResolutionNs;
  }

  run(plan: LoadPlan): void {
    this.#send({ type: 'run', plan, shard: this.#options.shard });
  }

  start(atNs: number): void {
    this.#send({ type: 'start', atNs });
  }

  stop(): void {
    if (!this.#isOver) this.#send({ type: 'stop' });
  }

  kill(): void {
    this.#process.kill();
  }

  #send(message: ToWorker): void {
    this.#process.write(JSON.stringify(message));
  }

  #read(line: string): void {
    if (this.#isOver) return;
    this.#messages += 1;
    const message = readMessage(line, this.#options.shard.index);
    if (message === null) this.#badLines += 1;
    if (this.#messages > this.#options.maxMessages) this.#lose('said more than any worker has to say');
    else if (this.#badLines > MAX_BAD_LINES) this.#lose(`said what is no message: ${quoteLine(line)}`);
    else if (message !== null) this.#take(message);
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#clockResolutionNs = message.clockResolutionNs;
        this.#ready.resolve();
        break;
      case 'interval':
        this.#options.onInterval(message.interval);
        break;
      case 'done':
        this.#end({ how: 'done' });
        break;
      case 'failed':
        this.#end({ how: 'failed', reason: describeFailure(message.error) });
    }
  }

  #lose(what: string): void {
    this.#end({
      how: 'lost',
      reason: `worker ${this.#options.shard.index + 1} of ${this.#options.shard.count} ${what}`,
    });
  }

  #end(end: LinkEnd): void {
    this.#isOver = true;
    this.#ended.resolve(end);
  }
}
