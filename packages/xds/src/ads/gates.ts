/**
 * When a type may speak: make before break over all types of one client.
 *
 * What refers to something is sent after that something is in force, and nothing is taken away while something in
 * force may still refer to it. The rules are the columns of `types.ts`; here they are applied to acknowledgements,
 * which is more than the protocol asks for ("Eventual consistency considerations"): Envoy acknowledges clusters only
 * when they are warm, so waiting for it is what keeps a new route from meeting a cold cluster.
 *
 * A gate looks at steps, not at idleness, so a stream of endpoint changes never holds back a listener that does not
 * depend on them.
 */
import type { XdsType } from '../types.ts';
import type { TypeState } from './type-state.ts';

export type TypeStates = ReadonlyMap<XdsType, TypeState>;

/** A client that never answers for one type must not lose the others for ever; a rejection does not time out. */
export type Gate = 'open' | 'closed' | 'closedByRejection';

export function addGate(state: TypeState, states: TypeStates): Gate {
  for (const type of state.rules.addsAfter) {
    const earlier = states.get(type);
    if (earlier !== undefined && !earlier.hasAcknowledgedAdds(state.head)) return 'closed';
  }
  return 'open';
}

/** What practically every client asks for. Who does not waits for the gate's timeout, once after a reconnect. */
const USUAL_REFERRERS: ReadonlySet<XdsType> = new Set(['CDS', 'LDS', 'RDS']);

/** The client will ask for this type: nearly all do, or something it has makes it. */
function isExpected(type: XdsType, states: TypeStates): boolean {
  return (
    USUAL_REFERRERS.has(type) || [...states.values()].some((state) => state.rules.warms === type && state.isWaiting)
  );
}

/**
 * Removals also wait while a type that may refer to them has something rejected: the client then still runs its last
 * good configuration, and that must keep what it refers to.
 */
export function removeGate(state: TypeState, states: TypeStates): Gate {
  let gate: Gate = state.hasAcknowledgedAdds(state.head) ? 'open' : 'closed';
  for (const type of state.rules.removesAfter ?? []) {
    const referrer = states.get(type);
    if (referrer === undefined) {
      // A client that has just reconnected asks for one type after the other, and uses what it had meanwhile.
      if (state.hasStale && isExpected(type, states)) gate = 'closed';
      continue;
    }
    if (referrer.hasRejected) return 'closedByRejection';
    if (!referrer.hasAcknowledgedAdds(state.head) || !referrer.hasAcknowledgedRemovals()) gate = 'closed';
  }
  return gate;
}
