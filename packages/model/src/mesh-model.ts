import type { Resource, ResourceKey } from '@meshwise/resources';
import type { GlobalRateLimitRule } from './model/limits.ts';
import type { RemoteKeySource } from './model/security.ts';
import type { GatewayPlan, InboundPlan, OutboundPlan } from './plan.ts';
import type { Residue } from './provenance.ts';
import type { ProxyDescriptor } from './proxy.ts';

export type ResourceChange =
  | { readonly type: 'upsert'; readonly resource: Resource }
  | { readonly type: 'delete'; readonly key: ResourceKey };

/**
 * The Model with its queries. Changes go in, plans come out; nothing is computed before it is asked for.
 *
 * Results are frozen and stable: when nothing that a result depends on has changed in value, the same object (`===`) is
 * returned, at every level (the plan, its lists' items). Whoever prints a Plan may therefore cache by identity, and
 * "nothing changed" costs a comparison of references.
 */
export interface MeshModel {
  /** Reads the changed resources into fragments. A resource equal to the stored one changes nothing. */
  update(changes: readonly ResourceChange[]): void;
  setProxy(proxy: ProxyDescriptor): void;
  removeProxy(proxyId: string): void;
  proxies(): readonly ProxyDescriptor[];

  /** Proxies with the same scope see the same outbound configuration. Unknown proxies are an error, here and below. */
  scopeOf(proxyId: string): string;
  /** Scopes that no proxy has may be asked for too; only the last few of them are remembered. */
  outbound(scope: string): OutboundPlan;
  /** One per served workload. */
  inbound(proxyId: string): readonly InboundPlan[];
  gateway(proxyId: string): GatewayPlan;

  /** The counters of global rate limits, for the service that keeps them. */
  globalRateLimitRules(): readonly GlobalRateLimitRule[];

  /** The key sets of token issuers that somebody has to fetch, each once; what comes of it is told by `setKeySet`. */
  keySources(): readonly RemoteKeySource[];
  /**
   * What is known of a key set: its text, and why there is none, or none newer. `id` is `keySourceId`. Without keys no token
   * of its issuer is good.
   */
  setKeySet(id: string, keys: string | undefined, problem?: string): void;

  /** What is wrong with, or not enforced of, each resource; resources without remarks are absent. */
  residues(): ReadonlyMap<string, readonly Residue[]>;

  /** The `status` that resources of the Gateway API are to have, by `keyText`: of its conditions no times and generations. */
  statuses(): ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}
