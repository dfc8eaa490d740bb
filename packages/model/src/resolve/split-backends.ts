import type { ResolvedDestination } from './destinations.ts';
import type { RuleOwner } from './specificity.ts';

/** SMI's TrafficSplit, whose backends are asked for the port that the client asked the service for, and for no other. */
export function isSplit(owner: RuleOwner): boolean {
  return owner.kind === 'routing' && owner.isSplit === true;
}

/**
 * Of the destinations of a rule those that take part. A backend of a split without the port, or one that is not there, "is
 * not included and will not receive traffic" (TrafficSplit, Ports): the others have its share, as long as there are any.
 */
export function included<T extends Pick<ResolvedDestination, 'missing'>>(
  owner: RuleOwner,
  resolved: readonly T[],
): readonly T[] {
  if (!isSplit(owner)) return resolved;
  const there = resolved.filter(({ missing }) => missing === undefined);
  return there.length === 0 ? resolved : there;
}
