import { pause } from './eventually.ts';

export interface Outcomes {
  readonly total: number;
  /** How often each outcome other than `ok` came. */
  readonly failed: Readonly<Record<string, number>>;
  /** Outcomes in the order in which requests were sent. */
  readonly sequence: readonly string[];
}

const SETTLE_MS = 1_000;

/**
 * Sends requests at a constant rate, whether or not earlier ones were answered, so that a stall is seen by every request
 * that falls into it.
 */
export class Load {
  readonly #outcomes: Promise<string>[] = [];
  readonly #request: () => Promise<string>;
  readonly #intervalMs: number;
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(ratePerSecond: number, request: () => Promise<string>) {
    this.#request = request;
    this.#intervalMs = 1_000 / ratePerSecond;
    this.#timer = setInterval(() => this.#sendWhatIsDue(), 5);
  }

  get sent(): number {
    return this.#outcomes.length;
  }

  async stop(): Promise<Outcomes> {
    clearInterval(this.#timer);
    const sequence = await Promise.all(this.#outcomes);
    const failed: Record<string, number> = {};
    for (const outcome of sequence) if (outcome !== 'ok') failed[outcome] = (failed[outcome] ?? 0) + 1;
    return { total: sequence.length, failed, sequence };
  }

  #sendWhatIsDue(): void {
    const due = (performance.now() - this.#startedMs) / this.#intervalMs;
    while (this.#outcomes.length < due) this.#outcomes.push(this.#request());
  }
}

/** Outcomes of a constant load that begins a second before `action` and ends a second after it. */
export async function underLoad(
  request: () => Promise<string>,
  action: () => Promise<void>,
  ratePerSecond = 25,
): Promise<Outcomes> {
  const load = new Load(ratePerSecond, request);
  try {
    await pause(SETTLE_MS);
    await action();
    await pause(SETTLE_MS);
  } finally {
    await load.stop();
  }
  return load.stop();
}
