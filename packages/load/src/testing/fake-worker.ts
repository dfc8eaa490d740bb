import type { Interval } from '../result/interval.ts';
import type { FromWorker, LaunchWorker, ToWorker, WorkerProcess } from '../run/contract.ts';

/** A worker process that does what a test tells it to. */
export class FakeWorker implements WorkerProcess {
  readonly pid = 1;
  readonly received: ToWorker[] = [];
  readonly #exit = Promise.withResolvers<{ code: number | null; signal: string | null }>();
  readonly exited = this.#exit.promise;
  readonly #listeners: ((line: string) => void)[] = [];
  readonly #onMessage: (message: ToWorker, worker: FakeWorker) => void;
  killed = false;
  stderr = '';

  constructor(onMessage: (message: ToWorker, worker: FakeWorker) => void) {
    this.#onMessage = onMessage;
  }

  write(line: string): void {
    const message = JSON.parse(line) as ToWorker;
    this.received.push(message);
    this.#onMessage(message, this);
  }

  onLine(listener: (line: string) => void): void {
    this.#listeners.push(listener);
  }

  stderrTail(): string {
    return this.stderr;
  }

  kill(): void {
    this.killed = true;
    this.exit(null, 'SIGKILL');
  }

  exit(code: number | null, signal: string | null = null): void {
    this.#exit.resolve({ code, signal });
  }

  say(message: FromWorker): void {
    this.sayLine(JSON.stringify(message));
  }

  sayLine(line: string): void {
    for (const listener of this.#listeners) listener(line);
  }
}

/** Launches fake workers and keeps them, in order. By default they are ready at once, and done when told to stop. */
export function launchFakes(onMessage: (message: ToWorker, worker: FakeWorker) => void = obey) {
  const workers: FakeWorker[] = [];
  const launch: LaunchWorker = async () => {
    const worker = new FakeWorker(onMessage);
    workers.push(worker);
    return worker;
  };
  return { workers, launch };
}

export function obey(message: ToWorker, worker: FakeWorker): void {
  if (message.type === 'run') worker.say({ type: 'ready', clockResolutionNs: 40 });
  if (message.type === 'stop') worker.say({ type: 'done' });
}

/** A second in which nothing happened but what is said. */
export function intervalOf(said: Partial<Interval> = {}): Interval {
  return {
    worker: 0,
    second: 0,
    scheduled: 0,
    sent: 0,
    completed: 0,
    failed: 0,
    dropped: 0,
    bytesSent: 0,
    bytesReceived: 0,
    connectionsOpened: 0,
    inFlight: 0,
    backlog: 0,
    statuses: {},
    errors: {},
    errorSamples: {},
    service: [],
    response: [],
    lag: [],
    errorResponse: [],
    generator: { elapsedMs: 1_000, cpuMs: 0, loopDelayMaxMs: 0 },
    ...said,
  };
}
