import type { Clock, Logger } from '@meshwise/core';
import type { ResultRepository } from '../record/repository.ts';
import type { Owner } from './owner.ts';

/** What everything that runs here needs. */
export interface RunContext {
  readonly repository: ResultRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the journals. */
  readonly directory: string;
  readonly owner: Owner;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The text in which records hold a moment. */
export function timeText(nowMs: number): string {
  return new Date(nowMs).toISOString();
}

/** What a record says beside its result, or null when there is nothing to say. */
export function noteOf(parts: readonly (string | null | undefined)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== undefined && part !== '');
  return said.length === 0 ? null : said.join(' ');
}

/** A reason as others gave it, fit to stand among sentences. */
export function sentence(text: string): string {
  const whole = text.trim();
  const begun = whole.charAt(0).toUpperCase() + whole.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
