import type { AdmittedRoutes, GatewayServer, ListenerProblem } from '../model/gateway.ts';
import type { SecretPlan, ServerTls } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { type ClassGateway, type ClassGateways, GATEWAY_API } from './class-gateways.ts';
import type { ResolveContext } from './context.ts';
import { type ListenerTls, listenerTls } from './listener-tls.ts';

/** A listener of a Gateway of the Gateway API, with all that decides whether it is served. */
export interface ClassListener {
  readonly name: string;
  readonly server: GatewayServer;
  /** `*` where none is written. */
  readonly hostname: string;
  /** Other listeners cannot be told from it: then none of them is served. */
  readonly conflict?: 'HostnameConflict' | 'ProtocolConflict';
  /** Kinds of routes that may be attached, of those that it asks for or else of those that its protocol carries. */
  readonly kinds: readonly string[];
  /** Kinds that it asks for and its protocol cannot carry. */
  readonly otherKinds: readonly string[];
  readonly problems: readonly ListenerProblem[];
  readonly tls?: ServerTls;
  readonly secrets: readonly SecretPlan[];
}

export function isServed({ conflict, problems }: ClassListener): boolean {
  return conflict === undefined && problems.length === 0;
}

/** The listeners of a Gateway, `namespace/name`, in the order in which they are written. */
export type ClassListeners = Query<[gateway: string], readonly ClassListener[]>;

export function defineClassListeners(context: ResolveContext, gateways: ClassGateways): ClassListeners {
  return context.engine.query('classListeners', (name: string): readonly ClassListener[] => {
    const gateway = gateways.of(name);
    return gateway === undefined ? [] : gateway.servers.map((server) => listenerOf(context, gateway, server));
  });
}

function listenerOf(context: ResolveContext, gateway: ClassGateway, server: GatewayServer): ClassListener {
  const carried = carriedKinds(server);
  const asked = askedKinds(server.admits);
  const tls: ListenerTls =
    server.problem === undefined ? listenerTls(context, gateway, server) : { secrets: [], problems: [server.problem] };
  const conflict = conflictOf(server, gateway.servers);
  return {
    name: server.portName ?? '',
    server,
    hostname: hostnameOf(server),
    kinds: asked === undefined ? carried : carried.filter((kind) => asked.includes(kind)),
    otherKinds: (asked ?? []).filter((kind) => !carried.includes(kind)),
    ...(conflict === undefined ? {} : { conflict }),
    ...(tls.tls === undefined ? {} : { tls: tls.tls }),
    secrets: tls.secrets,
    problems: tls.problems,
  };
}

function hostnameOf({ hosts }: GatewayServer): string {
  return (hosts[0] ?? '*').toLowerCase();
}

/** Which routes a protocol can carry (Gateway API, ProtocolType). */
function carriedKinds({ protocol, tls, problem }: GatewayServer): readonly string[] {
  if (problem?.reason === 'UnsupportedProtocol') return [];
  switch (protocol) {
    case 'http':
    case 'https':
      return ['HTTPRoute', 'GRPCRoute'];
    case 'tls':
      return tls === undefined ? ['TLSRoute'] : ['TLSRoute', 'TCPRoute'];
    case 'tcp':
      return ['TCPRoute'];
  }
}

/** Kinds of other groups stay as `group/kind`, which nothing carries. */
function askedKinds(admits: AdmittedRoutes | undefined): readonly string[] | undefined {
  const kinds = admits?.kinds ?? [];
  if (kinds.length === 0) return undefined;
  return kinds.map(({ group, kind }) => (group === GATEWAY_API ? kind : `${group}/${kind}`));
}

type Layer = 'http' | 'tls' | 'tcp';

function layerOf({ protocol }: GatewayServer): Layer {
  return protocol === 'https' ? 'tls' : protocol;
}

/**
 * Listeners that cannot be told apart are all left out; none of them is the winner (Gateway API, "Handling indistinct
 * Listeners").
 */
function conflictOf(server: GatewayServer, all: readonly GatewayServer[]): ClassListener['conflict'] {
  if (server.problem?.condition === 'Accepted') return undefined;
  const others = all.filter(
    (other) => other !== server && other.port === server.port && other.problem?.condition !== 'Accepted',
  );
  if (others.some((other) => layerOf(other) !== layerOf(server))) return 'ProtocolConflict';
  if (layerOf(server) === 'tcp') return others.length === 0 ? undefined : 'ProtocolConflict';
  return others.some((other) => hostnameOf(other) === hostnameOf(server)) ? 'HostnameConflict' : undefined;
}
