import type { Query } from '../query/engine.ts';
import { type Contenders, defineContenders } from './contenders.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { defineOtherHosts } from './other-hosts.ts';
import { defineRoutingCandidates, type RoutingCandidates } from './routing-candidates.ts';
import type { Scopings } from './scoping.ts';
import { defineServiceHosts, type HostRoutes, type ServiceHosts } from './service-hosts.ts';
import type { ServiceRoutes } from './service-routes.ts';

export type { HostRoutes } from './service-hosts.ts';

/** What sidecars do with requests, by the host they are for. */
export interface VirtualHosts extends RoutingCandidates {
  /** Who speaks of a port of a service, the one that is followed first. */
  readonly contenders: Contenders;
  readonly ofPort: ServiceHosts;
  /** Of hosts in routings that no service has. */
  readonly ofOtherHosts: Query<[view: string], readonly HostRoutes[]>;
}

export function defineVirtualHosts(
  context: ResolveContext,
  policies: DestinationPolicies,
  destinations: Destinations,
  scopings: Scopings,
  serviceRoutes: ServiceRoutes,
): VirtualHosts {
  const candidates = defineRoutingCandidates(context, policies, destinations, scopings, serviceRoutes);
  const contenders = defineContenders(context, candidates, serviceRoutes);
  return {
    ...candidates,
    contenders,
    ofPort: defineServiceHosts(context, contenders, policies, destinations),
    ofOtherHosts: defineOtherHosts(context, candidates, destinations),
  };
}
