import type { PatchPlan } from '../plan.ts';
import type { ItemBase } from './item.ts';

/** Istio's EnvoyFilter. Applied by priority, then age, root namespace before others. */
export interface PatchItem extends ItemBase {
  readonly kind: 'patch';
  readonly selector?: Readonly<Record<string, string>>;
  /** Waypoints and gateways by reference; kept for the kinds that exist. */
  readonly targets?: readonly { readonly group: string; readonly kind: string; readonly name: string }[];
  readonly priority: number;
  readonly patches: readonly PatchPlan[];
}
