import type { Rule } from './rules.ts';

/** One entry of a descriptor (envoy.extensions.common.ratelimit.v3.RateLimitDescriptor). */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Absent when no rule has the descriptor: then nothing is counted. */
  readonly limit?: {
    readonly requests: number;
    readonly perMs: number;
    readonly remaining: number;
    readonly resetMs: number;
  };
}

interface Counter {
  windowStartMs: number;
  count: number;
}

/** Counters that are kept; with more, the oldest go, and what they counted begins again. */
const MAX_COUNTERS = 100_000;

/**
 * Counts requests in windows that begin at multiples of their length since 1970, as Envoy's reference service does: all
 * proxies share them, and "100 a minute" is 100 in every minute of the clock. A client may therefore see up to twice the
 * limit around the turn of a window.
 */
export class Limiter {
  #rules: ReadonlyMap<string, Rule> = new Map();
  readonly #counters = new Map<string, Counter>();

  /** Counters of rules that stay go on. */
  setRules(rules: readonly Rule[]): void {
    this.#rules = new Map(rules.map((rule) => [rule.rule, rule]));
    for (const key of this.#counters.keys()) {
      const [rule = ''] = JSON.parse(key) as string[];
      if (!this.#rules.has(rule)) this.#counters.delete(key);
    }
  }

  get size(): number {
    return this.#counters.size;
  }

  /** Counts `hits` requests with this descriptor, whose first entry names the rule. */
  hit(entries: readonly Entry[], hits: number, nowMs: number): Decision {
    const rule = this.#rules.get(entries[0]?.value ?? '');
    if (rule === undefined) return { allowed: true };
    const counter = this.#counterOf(rule, entries, nowMs);
    counter.count = Math.min(Number.MAX_SAFE_INTEGER, counter.count + hits);
    const remaining = Math.max(0, rule.requests - counter.count);
    const resetMs = counter.windowStartMs + rule.perMs - nowMs;
    return {
      allowed: counter.count <= rule.requests,
      limit: { requests: rule.requests, perMs: rule.perMs, remaining, resetMs },
    };
  }

  #counterOf(rule: Rule, entries: readonly Entry[], nowMs: number): Counter {
    const key = JSON.stringify([rule.rule, ...entries.slice(1).flatMap((entry) => [entry.key, entry.value])]);
    const windowStartMs = Math.floor(nowMs / rule.perMs) * rule.perMs;
    const known = this.#counters.get(key);
    if (known !== undefined) {
      if (known.windowStartMs !== windowStartMs) {
        known.windowStartMs = windowStartMs;
        known.count = 0;
      }
      return known;
    }
    if (this.#counters.size >= MAX_COUNTERS) this.#makeRoom();
    const counter = { windowStartMs, count: 0 };
    this.#counters.set(key, counter);
    return counter;
  }

  /** A tenth at once, so that a flood of new values costs each of them next to nothing. */
  #makeRoom(): void {
    let surplus = MAX_COUNTERS / 10;
    for (const key of this.#counters.keys()) {
      if (surplus-- <= 0) return;
      this.#counters.delete(key);
    }
  }
}
