import { create } from '@bufbuild/protobuf';
import type { AddressedHost, HttpPortPlan, VirtualHostPlan } from '@meshwise/model';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { memoise, memoisePair } from './memoise.ts';
import { ADS, type EnvoyResource } from './resource.ts';
import { type UnknownPolicy, unknownHosts } from './unknown-destinations.ts';
import { noVirtualHosts, virtualHostIn, virtualHostUnder } from './virtual-host-resources.ts';

/** Route configuration of the explicit proxy, named as in Istio. */
export const HTTP_PROXY_ROUTES = 'http_proxy';
const MAX_DIRECT_RESPONSE_BYTES = 1024 * 1024;
const DEFAULT_HTTP_PORT = 80;

export function routesOfPort(port: HttpPortPlan): string {
  return port.routeName ?? String(port.port);
}

/** The routes of one port: the route configuration, and behind it each of its virtual hosts on its own. */
export const portRoutes = memoisePair((plan: HttpPortPlan, unknown: UnknownPolicy): EnvoyResource[] => {
  const name = routesOfPort(plan);
  const virtualHosts = plan.virtualHosts.map((virtualHost) => virtualHostIn(virtualHost, name));
  const takesAll = plan.virtualHosts.some(({ domains }) => domains.includes('*'));
  const others = takesAll ? undefined : unknownHosts(unknown, name);
  return withVirtualHosts(name, others === undefined ? virtualHosts : [...virtualHosts, others]);
});

interface GatewayRoutes {
  readonly routeName: string;
  readonly virtualHosts: readonly VirtualHostPlan[];
}

/** Where the address says which service is meant: its routes hold for every host that requests name. */
export const detectedRoutes = memoise((plan: HttpPortPlan): EnvoyResource[] => {
  const name = routesOfPort(plan);
  return withVirtualHosts(
    name,
    plan.virtualHosts.map((virtualHost) => virtualHostUnder(virtualHost, name, ['*'])),
  );
});

/** The routes of services that are told by their address. */
export function addressedRoutes({ byAddress = [] }: HttpPortPlan): EnvoyResource[] {
  return byAddress.flatMap(routesOfAddressed);
}

const routesOfAddressed = memoise(({ virtualHost }: AddressedHost): EnvoyResource[] =>
  withVirtualHosts(virtualHost.name, [virtualHostUnder(virtualHost, virtualHost.name, ['*'])]),
);

/** A request names the port that the outside world knows, which need not be the one the Gateway resource names. */
export const gatewayRoutes = memoise((plan: GatewayRoutes): EnvoyResource[] => {
  const name = plan.routeName;
  const virtualHosts = plan.virtualHosts.map((virtualHost) => virtualHostIn(virtualHost, name));
  return withVirtualHosts(name, virtualHosts, { ignorePortInHostMatching: true });
});

/**
 * All ports in one route configuration, for programs that are told to use a proxy and send the absolute form
 * (RFC 9112, 3.2.2): the port is then found in the authority, where its absence means 80.
 */
export const httpProxyRoutes = memoise((ports: readonly HttpPortPlan[]): EnvoyResource[] => {
  const taken = new Set<string>();
  const virtualHosts = ports.flatMap(({ port, virtualHosts: plans }) =>
    plans.flatMap((plan) => {
      const domains = plan.domains
        .flatMap((domain) => domainsWithPort(domain, port))
        .filter((domain) => !taken.has(domain) && taken.add(domain) !== undefined);
      return domains.length === 0 ? [] : [virtualHostUnder(plan, HTTP_PROXY_ROUTES, domains)];
    }),
  );
  return withVirtualHosts(HTTP_PROXY_ROUTES, virtualHosts);
});

function domainsWithPort(domain: string, port: number): string[] {
  if (/:[0-9]+$/.test(domain)) return [domain];
  if (domain.endsWith('*')) return port === DEFAULT_HTTP_PORT ? [domain] : [];
  return port === DEFAULT_HTTP_PORT ? [domain, `${domain}:${port}`] : [`${domain}:${port}`];
}

interface RouteOptions {
  readonly ignorePortInHostMatching?: boolean;
}

function withVirtualHosts(
  name: string,
  virtualHosts: readonly EnvoyResource[],
  options: RouteOptions = {},
): EnvoyResource[] {
  return [
    routeConfiguration(name, options.ignorePortInHostMatching ?? false),
    ...(virtualHosts.length === 0 ? [noVirtualHosts(name)] : virtualHosts),
  ];
}

const printed = new Map<string, EnvoyResource>();

/**
 * A route configuration without its virtual hosts, which are resources of their own ("VHDS"): a change of one is sent
 * alone, and one that Envoy rejects leaves the others in force. Nothing else of it depends on a plan.
 */
function routeConfiguration(name: string, ignorePortInHostMatching: boolean): EnvoyResource {
  const key = `${name} ${ignorePortInHostMatching}`;
  const known = printed.get(key);
  if (known !== undefined) return known;
  const message = create(RouteConfigurationSchema, {
    name,
    vhds: { configSource: ADS },
    // A route may name a cluster that is on its way; the request then gets 503, and the rest of the routes work.
    validateClusters: false,
    maxDirectResponseBodySizeBytes: MAX_DIRECT_RESPONSE_BYTES,
    ignorePortInHostMatching,
  });
  const resource: EnvoyResource = { type: 'RDS', name, message };
  printed.set(key, resource);
  return resource;
}
