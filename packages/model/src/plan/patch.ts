import type { Origin } from '../provenance.ts';

/** Where a patch looks; Istio's EnvoyFilter `applyTo`. */
export type PatchTarget =
  | 'LISTENER'
  | 'FILTER_CHAIN'
  | 'LISTENER_FILTER'
  | 'NETWORK_FILTER'
  | 'HTTP_FILTER'
  | 'ROUTE_CONFIGURATION'
  | 'VIRTUAL_HOST'
  | 'HTTP_ROUTE'
  | 'CLUSTER'
  | 'EXTENSION_CONFIG';

export type PatchContext = 'ANY' | 'SIDECAR_INBOUND' | 'SIDECAR_OUTBOUND' | 'GATEWAY';

export type PatchOperation =
  | 'MERGE'
  /** Merges, and lists of the value take the place of those that are there. */
  | 'MERGE_AND_REPLACE_LIST'
  | 'ADD'
  | 'REMOVE'
  | 'INSERT_BEFORE'
  | 'INSERT_AFTER'
  | 'INSERT_FIRST'
  | 'REPLACE';

/** Where an added HTTP filter goes: after authentication, after authorisation, before statistics. */
export type PatchFilterClass = 'AUTHN' | 'AUTHZ' | 'STATS';

/**
 * A raw patch of what is printed for Envoy. Applied after printing, in the order of the Plan; simulation answers
 * "unknown" where one interferes.
 */
export interface PatchPlan {
  readonly target: PatchTarget;
  readonly context: PatchContext;
  readonly operation: PatchOperation;
  /** The `match` of the patch without its context and proxy, as written. */
  readonly match: Readonly<Record<string, unknown>>;
  /** The `patch.value` as written; protobuf JSON. */
  readonly value?: unknown;
  readonly filterClass?: PatchFilterClass;
  readonly origin: Origin;
}
