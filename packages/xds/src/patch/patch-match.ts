import type { PatchPlan } from '@meshwise/model';
import type { FilterChain } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { Route, VirtualHost } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { ACCESS_FILTER, ACCESS_FILTERS } from '../envoy/security/request-filters.ts';

/** `match` as the reader of EnvoyFilter leaves it: empty texts and zeros are absent. */
export interface PatchMatch {
  readonly listener?: ListenerMatch;
  readonly routeConfiguration?: RouteConfigurationMatch;
  readonly cluster?: {
    readonly name?: string;
    readonly portNumber?: number;
    readonly service?: string;
    readonly subset?: string;
  };
}

interface ListenerMatch {
  readonly name?: string;
  readonly portNumber?: number;
  readonly listenerFilter?: string;
  readonly filterChain?: {
    readonly name?: string;
    readonly sni?: string;
    readonly transportProtocol?: string;
    readonly applicationProtocols?: string;
    readonly destinationPort?: number;
    readonly filter?: { readonly name?: string; readonly subFilter?: { readonly name?: string } };
  };
}

interface RouteConfigurationMatch {
  readonly name?: string;
  readonly portNumber?: number;
  readonly portName?: string;
  readonly gateway?: string;
  readonly vhost?: {
    readonly name?: string;
    readonly domainName?: string;
    readonly route?: { readonly name?: string; readonly action?: 'ROUTE' | 'REDIRECT' | 'DIRECT_RESPONSE' };
  };
}

export function matchOf(patch: PatchPlan): PatchMatch {
  return patch.match as PatchMatch;
}

/**
 * A listener in the words of those who write patches. Where Istio has one listener for all that comes in
 * (`virtualInbound`, port 15006, with a filter chain for each port), here is one for each port: it goes by that name too,
 * and by the names of Istio's filter chains.
 */
export interface ListenerFacts {
  readonly names: readonly string[];
  readonly ports: readonly number[];
  /** What its filter chains are called in Istio, besides their own names. */
  readonly chainNames: readonly string[];
}

export function listenerMatches(patch: PatchPlan, facts: ListenerFacts): boolean {
  const match = matchOf(patch).listener;
  if (match === undefined) return true;
  if (match.name !== undefined && !facts.names.includes(match.name)) return false;
  return match.portNumber === undefined || facts.ports.includes(match.portNumber);
}

export function chainMatches(patch: PatchPlan, facts: ListenerFacts, chain: FilterChain): boolean {
  const match = matchOf(patch).listener?.filterChain;
  if (match === undefined) return true;
  const criteria = chain.filterChainMatch;
  // Without criteria of its own a chain here takes the plain connections, which Istio's chains say in so many words.
  const protocol =
    criteria?.transportProtocol === undefined || criteria.transportProtocol === ''
      ? 'raw_buffer'
      : criteria.transportProtocol;
  const protocols = match.applicationProtocols?.split(',') ?? [];
  return (
    (match.name === undefined || match.name === chain.name || facts.chainNames.includes(match.name)) &&
    (match.sni === undefined || criteria?.serverNames.includes(match.sni) === true) &&
    (match.transportProtocol === undefined || match.transportProtocol === protocol) &&
    protocols.every((name) => criteria?.applicationProtocols.includes(name) === true) &&
    (match.destinationPort === undefined ||
      criteria?.destinationPort === match.destinationPort ||
      (criteria?.destinationPort === undefined && facts.ports.includes(match.destinationPort)))
  );
}

/** Names of filters before Envoy 1.14, which Istio still understands. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'envoy.http_connection_manager': 'envoy.filters.network.http_connection_manager',
  'envoy.tcp_proxy': 'envoy.filters.network.tcp_proxy',
  'envoy.router': 'envoy.filters.http.router',
  'envoy.fault': 'envoy.filters.http.fault',
  'envoy.cors': 'envoy.filters.http.cors',
  'envoy.lua': 'envoy.filters.http.lua',
  'envoy.listener.tls_inspector': 'envoy.filters.listener.tls_inspector',
  'envoy.listener.http_inspector': 'envoy.filters.listener.http_inspector',
};

function isNamed(wanted: string | undefined, name: string): boolean {
  return wanted === undefined || wanted === name || OLD_NAMES[wanted] === name;
}

interface Named {
  readonly name: string;
}

/** Undefined where the patch names none: operations that look for one then have nothing to look for. */
export function listenerFilterTest(patch: PatchPlan): ((filter: Named) => boolean) | undefined {
  const wanted = matchOf(patch).listener?.listenerFilter;
  return wanted === undefined ? undefined : ({ name }) => isNamed(wanted, name);
}

export function networkFilterTest(patch: PatchPlan): ((filter: Named) => boolean) | undefined {
  const filter = matchOf(patch).listener?.filterChain?.filter;
  return filter === undefined ? undefined : ({ name }) => isNamed(filter.name, name);
}

export function httpFilterTest(patch: PatchPlan): ((filter: Named) => boolean) | undefined {
  const filter = matchOf(patch).listener?.filterChain?.filter?.subFilter;
  if (filter === undefined) return undefined;
  if (filter.name === ACCESS_FILTER) return accessFilterTest(patch);
  return ({ name }) => isNamed(filter.name, name);
}

/** There are several filters that are Istio's one: before it is before all of them, behind it is behind all of them. */
function accessFilterTest({ operation }: PatchPlan): (filter: Named) => boolean {
  const one = operation === 'INSERT_AFTER' ? ACCESS_FILTERS.at(-1) : ACCESS_FILTERS[0];
  return ({ name }) =>
    name === ACCESS_FILTER || (operation === 'REMOVE' ? ACCESS_FILTERS.includes(name) : name === one);
}

/** `9080` and `inbound|9080||` of sidecars, `http.8080` and `https.443.https.gw.shop` of gateways. */
export function routeConfigurationMatches(patch: PatchPlan, name: string, isGateway: boolean): boolean {
  const match = matchOf(patch).routeConfiguration;
  if (match === undefined) return true;
  if (match.name !== undefined && match.name !== name) return false;
  const { port, portName, gateway } = isGateway ? gatewayRouteName(name) : sidecarRouteName(name);
  if (match.portNumber !== undefined && match.portNumber !== port) return false;
  if (!isGateway) return true;
  return (
    (match.portName === undefined || match.portName === portName) &&
    (match.gateway === undefined || match.gateway === gateway)
  );
}

interface RouteName {
  readonly port: number;
  readonly portName?: string | undefined;
  readonly gateway?: string | undefined;
}

function sidecarRouteName(name: string): RouteName {
  return { port: Number(name.startsWith('inbound|') ? name.split('|')[1] : name) };
}

function gatewayRouteName(name: string): RouteName {
  const [, port, portName, gateway, namespace] = name.split('.');
  return { port: Number(port), portName, gateway: gateway === undefined ? undefined : `${namespace}/${gateway}` };
}

export function virtualHostMatches(patch: PatchPlan, host: VirtualHost): boolean {
  const match = matchOf(patch).routeConfiguration?.vhost;
  if (match === undefined) return true;
  if (match.name !== undefined && match.name !== host.name) return false;
  return match.domainName === undefined || host.domains.includes(match.domainName);
}

const ACTIONS: Readonly<Record<string, string>> = {
  route: 'ROUTE',
  redirect: 'REDIRECT',
  directResponse: 'DIRECT_RESPONSE',
};

/** Undefined where the patch says nothing of routes. */
export function routeTest(patch: PatchPlan): ((route: Route) => boolean) | undefined {
  const match = matchOf(patch).routeConfiguration?.vhost?.route;
  if (match === undefined) return undefined;
  return (route) =>
    (match.name === undefined || match.name === route.name) &&
    (match.action === undefined || match.action === ACTIONS[route.action.case ?? '']);
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local`, `inbound|9080||`. `hosts` are those of an inbound cluster. */
export function clusterMatches(patch: PatchPlan, name: string, hosts: readonly string[] = []): boolean {
  const match = matchOf(patch).cluster;
  if (match === undefined) return true;
  if (match.name !== undefined) return match.name === name;
  const [direction, port = '', subset = '', host = ''] = name.split('|');
  const isInbound = direction === 'inbound' && hosts.length > 0;
  return (
    (match.subset === undefined || match.subset === subset) &&
    (match.service === undefined || (isInbound ? hosts.includes(match.service) : match.service === host)) &&
    (match.portNumber === undefined || match.portNumber === Number(port))
  );
}
