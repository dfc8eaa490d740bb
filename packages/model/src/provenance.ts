import type { ResourceKey } from '@meshwise/resources';

/** Which resource, and which field of it, made an item of the Model or the Plan what it is. */
export interface Origin {
  readonly resource: ResourceKey;
  /** `spec.http[0].route[1]`; absent when the whole resource is the cause. */
  readonly field?: string;
}

/**
 * What a reader found in a resource and could not carry over. Reported as a condition on the resource, never dropped.
 * `unsupported`: valid, and Meshwise cannot enforce it (yet). `invalid`: refers to something that is not there or makes no sense.
 */
export interface Residue {
  readonly origin: Origin;
  readonly severity: 'unsupported' | 'invalid' | 'info';
  readonly message: string;
}
