export interface PlanParts {
  readonly what: readonly string[];
  /** How requests travel and what limits them. */
  readonly how: readonly string[];
}

const PROTOCOL = /^(HTTP\/\d|gRPC)/;

/** The words of a plan end with how requests travel, from the protocol on: all true, and seldom what somebody looks for. */
export function planParts(words: readonly string[]): PlanParts {
  const start = words.findIndex((text) => PROTOCOL.test(text));
  return start === -1 ? { what: words, how: [] } : { what: words.slice(0, start), how: words.slice(start) };
}
