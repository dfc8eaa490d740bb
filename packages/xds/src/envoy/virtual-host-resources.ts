import { create } from '@bufbuild/protobuf';
import type { VirtualHostPlan } from '@meshwise/model';
import { type VirtualHost, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { virtualHostResource } from '../view/virtual-host-names.ts';
import { memoise } from './memoise.ts';
import type { EnvoyResource } from './resource.ts';
import { virtualHost, virtualHostFor } from './virtual-hosts.ts';

/** A virtual host as a resource of its own. Envoy takes one back by the name that stands in it, so that is the same. */
function resourceOf(routes: string, message: VirtualHost): EnvoyResource {
  const name = virtualHostResource(routes, message.name);
  return { type: 'VHDS', name, message: create(VirtualHostSchema, { ...message, name }) };
}

/** Remembers by plan, and for each plan by a text. */
function memoiseByText(
  print: (plan: VirtualHostPlan, text: string) => EnvoyResource,
): (plan: VirtualHostPlan, text: string) => EnvoyResource {
  const ofPlan = memoise((_: VirtualHostPlan) => new Map<string, EnvoyResource>());
  return (plan, text) => {
    const known = ofPlan(plan);
    const printed = known.get(text) ?? print(plan, text);
    known.set(text, printed);
    return printed;
  };
}

/** In the route configuration of that name. */
export const virtualHostIn = memoiseByText((plan, routes) => resourceOf(routes, virtualHost(plan)));

/** In that route configuration and with other domains than the plan says. */
export function virtualHostUnder(plan: VirtualHostPlan, routes: string, domains: readonly string[]): EnvoyResource {
  return underDomains(plan, JSON.stringify([routes, ...domains]));
}

const underDomains = memoiseByText((plan, text) => {
  const [routes = '', ...domains] = JSON.parse(text) as readonly string[];
  return resourceOf(routes, virtualHostFor(plan, domains));
});

const nothingByRoutes = new Map<string, EnvoyResource>();

/**
 * For a route configuration without virtual hosts, of which Envoy would wait for the first and open no listener until
 * then. It answers 404, as Envoy does without one, and has the name that Istio gives it at gateways.
 */
export function noVirtualHosts(routes: string): EnvoyResource {
  const known = nothingByRoutes.get(routes);
  if (known !== undefined) return known;
  const message = create(VirtualHostSchema, { name: `blackhole:${routes}`, domains: ['*'] });
  const printed = resourceOf(routes, message);
  nothingByRoutes.set(routes, printed);
  return printed;
}
