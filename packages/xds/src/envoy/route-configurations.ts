import { create } from '@bufbuild/protobuf';
import type { GatewayServerPlan, HttpPortPlan } from '@meshwise/model';
import type { VirtualHost } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { memoise } from './memoise.ts';
import type { EnvoyResource } from './resource.ts';
import { virtualHost, virtualHostFor } from './virtual-hosts.ts';

/** Route configuration of the explicit proxy, named as in Istio. */
export const HTTP_PROXY_ROUTES = 'http_proxy';
const MAX_DIRECT_RESPONSE_BYTES = 1024 * 1024;
const DEFAULT_HTTP_PORT = 80;

export function routesOfPort(port: HttpPortPlan): string {
  return String(port.port);
}

export const portRoutes = memoise(
  (plan: HttpPortPlan): EnvoyResource => routeConfiguration(routesOfPort(plan), plan.virtualHosts.map(virtualHost)),
);

/** A request names the port that the outside world knows, which need not be the one the Gateway resource names. */
export const gatewayRoutes = memoise(
  (plan: GatewayServerPlan): EnvoyResource =>
    routeConfiguration(plan.routeName, plan.virtualHosts.map(virtualHost), { ignorePortInHostMatching: true }),
);

/**
 * All ports in one route configuration, for programs that are told to use a proxy and send the absolute form
 * (RFC 9112, 3.2.2): the port is then found in the authority, where its absence means 80.
 */
export const httpProxyRoutes = memoise((ports: readonly HttpPortPlan[]): EnvoyResource => {
  const taken = new Set<string>();
  const virtualHosts = ports.flatMap(({ port, virtualHosts: plans }) =>
    plans.flatMap((plan) => {
      const domains = plan.domains
        .flatMap((domain) => domainsWithPort(domain, port))
        .filter((domain) => !taken.has(domain) && taken.add(domain) !== undefined);
      return domains.length === 0 ? [] : [virtualHostFor(plan, domains)];
    }),
  );
  return routeConfiguration(HTTP_PROXY_ROUTES, virtualHosts);
});

function domainsWithPort(domain: string, port: number): string[] {
  if (/:[0-9]+$/.test(domain)) return [domain];
  if (domain.endsWith('*')) return port === DEFAULT_HTTP_PORT ? [domain] : [];
  return port === DEFAULT_HTTP_PORT ? [domain, `${domain}:${port}`] : [`${domain}:${port}`];
}

function routeConfiguration(
  name: string,
  virtualHosts: VirtualHost[],
  options: { readonly ignorePortInHostMatching?: boolean } = {},
): EnvoyResource {
  const message = create(RouteConfigurationSchema, {
    name,
    virtualHosts,
    // A route may name a cluster that is on its way; the request then gets 503, and the rest of the routes work.
    validateClusters: false,
    maxDirectResponseBodySizeBytes: MAX_DIRECT_RESPONSE_BYTES,
    ignorePortInHostMatching: options.ignorePortInHostMatching ?? false,
  });
  return { type: 'RDS', name, message };
}
