import type { PatchPlan } from '../plan.ts';
import type { ItemBase } from './item.ts';

/** Which proxies a patch is for, by what they say of themselves; all of it must hold. */
export interface PatchProxyMatch {
  /** Regular expression, found anywhere in the version. */
  readonly version?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface PatchEntry {
  readonly plan: PatchPlan;
  /** Absent: every proxy of the item. */
  readonly proxy?: PatchProxyMatch;
}

/** Istio's EnvoyFilter. Applied by priority; of equal ones that of the root namespace first, then by age and name. */
export interface PatchItem extends ItemBase {
  readonly kind: 'patch';
  readonly selector?: Readonly<Record<string, string>>;
  /** Waypoints and gateways by reference; kept for the kinds that exist. */
  readonly targets?: readonly { readonly group: string; readonly kind: string; readonly name: string }[];
  readonly priority: number;
  readonly patches: readonly PatchEntry[];
}
