import type { Clock } from '@meshwise/core';
import { type CheckUnit, unitKey } from './check-unit.ts';
import { type Question, QuestionLine } from './question-line.ts';
import { scratchBootstrap } from './scratch-bootstrap.ts';

/** What an Envoy that only validates says of a configuration. */
export type ScratchAnswer =
  | { readonly status: 'accepted' }
  | { readonly status: 'refused'; readonly message: string }
  /** There was an Envoy to ask, and no answer: the machine was too busy, say. */
  | { readonly status: 'undecided'; readonly message: string }
  /** There is no Envoy to ask. */
  | { readonly status: 'unavailable'; readonly message: string };

/** Asks an Envoy of its own about an encoded bootstrap. Answers in bounded time and never throws. */
export type ScratchEnvoy = (bootstrap: Uint8Array) => Promise<ScratchAnswer>;

export type Verdict = ScratchAnswer | { readonly status: 'pending' };

/** Whoever needs verdicts, and can wait for them. */
export interface VerdictSource {
  /** Never waits: what is not known yet is `pending`, and asked for together with everything else that is. */
  of(unit: CheckUnit): Verdict;
  /** Something is pending. */
  readonly isAsking: boolean;
  /** Resolves when nothing is pending. */
  settled(): Promise<void>;
}

/** Verdicts remembered; the oldest are forgotten, and asked for again when they are needed again. */
const MAX_VERDICTS = 20_000;
/** What got no answer is asked again after this: soon for people, and rarely for a machine that is too busy for it. */
const ASK_AGAIN_MS = 10_000;
const PENDING: Verdict = { status: 'pending' };
const NOBODY: ScratchAnswer = { status: 'unavailable', message: 'there is no Envoy to ask on this machine' };

/**
 * What Envoy would say of pieces of configuration, remembered by their content. A batch that is refused is halved until the
 * culprits stand alone, so that n good pieces cost one start of Envoy. What is asked `aside` waits for everything else.
 */
export class Verdicts implements VerdictSource {
  readonly #scratch: ScratchEnvoy | undefined;
  readonly #onNews: () => void;
  readonly #clock: Pick<Clock, 'after'> | undefined;
  readonly #known = new Map<string, ScratchAnswer>();
  /** What there was no answer to, until it is asked again. */
  readonly #undecided = new Map<string, ScratchAnswer>();
  readonly #first = new QuestionLine();
  readonly #aside = new QuestionLine();
  readonly #waiting = new Set<() => void>();
  #isRunning = false;

  /**
   * Without `scratch` there is nobody to ask. `onNews` is called whenever pending verdicts have become known, and when it is
   * time to ask again for what there was no answer to; without `clock`, there is none.
   */
  constructor(scratch: ScratchEnvoy | undefined, onNews: () => void = () => {}, clock?: Pick<Clock, 'after'>) {
    this.#scratch = scratch;
    this.#onNews = onNews;
    this.#clock = clock;
  }

  of(unit: CheckUnit): Verdict {
    return this.#of(unit, this.#first);
  }

  get isAsking(): boolean {
    return !this.#first.isEmpty;
  }

  settled(): Promise<void> {
    return this.#settled(this.#first);
  }

  /** The same verdicts for those whom proxies do not wait for: what they ask is asked when there is nothing else to ask. */
  aside(): VerdictSource {
    const line = this.#aside;
    const isAsking = () => !line.isEmpty;
    return {
      of: (unit) => this.#of(unit, line),
      settled: () => this.#settled(line),
      get isAsking() {
        return isAsking();
      },
    };
  }

  #of(unit: CheckUnit, line: QuestionLine): Verdict {
    if (this.#scratch === undefined) return NOBODY;
    const key = unitKey(unit);
    const known = this.#known.get(key) ?? this.#undecided.get(key);
    if (known !== undefined) return known;
    line.want(key, unit);
    if (!this.#isRunning) void this.#run();
    return PENDING;
  }

  async #settled(line: QuestionLine): Promise<void> {
    while (!line.isEmpty) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Whoever asks now asks for more in the same turn.
    await Promise.resolve();
    while (!this.#first.isEmpty || !this.#aside.isEmpty) {
      const isUrgent = !this.#first.isEmpty;
      await this.#step(isUrgent ? this.#first : this.#aside);
      if (isUrgent && this.#first.isEmpty) this.#onNews();
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (const resolve of waiting) resolve();
    }
    this.#isRunning = false;
  }

  async #step(line: QuestionLine): Promise<void> {
    const batch = line.next();
    const answer = await this.#ask(batch);
    if (answer.status === 'refused' && batch.length > 1) line.halve(batch);
    else for (const [key] of batch) this.#remember(key, answer);
  }

  async #ask(batch: readonly Question[]): Promise<ScratchAnswer> {
    try {
      return (await this.#scratch?.(scratchBootstrap(batch.map(([, unit]) => unit)))) ?? NOBODY;
    } catch (error) {
      // What cannot even be encoded is no configuration.
      return { status: 'refused', message: error instanceof Error ? error.message : String(error) };
    }
  }

  #remember(key: string, answer: ScratchAnswer): void {
    this.#first.answered(key);
    this.#aside.answered(key);
    if (answer.status === 'undecided') {
      if (this.#undecided.size === 0) this.#clock?.after(ASK_AGAIN_MS, () => this.#askAgain());
      this.#undecided.set(key, answer);
      return;
    }
    const oldest = this.#known.size < MAX_VERDICTS ? undefined : this.#known.keys().next().value;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, answer);
  }

  #askAgain(): void {
    this.#undecided.clear();
    this.#onNews();
  }
}
