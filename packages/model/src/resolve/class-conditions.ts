/** An entry of `status.conditions` without what depends on when it is written. */
export interface WantedCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

export interface Fault {
  readonly reason: string;
  readonly message: string;
}

/** A condition that is true for a reason of its own name, unless something is wrong. */
export function condition(type: string, fault: Fault | undefined): WantedCondition {
  if (fault !== undefined) return { type, status: 'False', ...fault };
  return { type, status: 'True', reason: type, message: '' };
}
