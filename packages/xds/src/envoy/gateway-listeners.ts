import { create } from '@bufbuild/protobuf';
import type {
  GatewayPlacement,
  GatewayServerPlan,
  HttpServerPlan,
  PathNormalization,
  SecurityPlan,
  TelemetryPlan,
  TerminatingChainPlan,
  TlsServerPlan,
} from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type FilterChain, FilterChainSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { pipeAddress, socketAddress } from './address.ts';
import { byteChain } from './byte-chains.ts';
import { TLS_INSPECTOR } from './detection.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import type { Outside } from './outside.ts';
import { originMetadata } from './provenance.ts';
import type { EnvoyResource } from './resource.ts';
import { connectionFilters } from './security/connection-filters.ts';
import { serverTls } from './server-tls.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { downstreamTls } from './tls.ts';

export interface GatewaySurroundings {
  readonly placement: GatewayPlacement;
  /** Of the gateway's own identity; without one it ends no TLS of the mesh. */
  readonly trustDomain: string | undefined;
  readonly telemetry: TelemetryPlan | undefined;
  readonly pathNormalization?: PathNormalization | undefined;
  readonly outside: Outside;
  /** What is asked of connections; what is asked of requests comes by itself (`securityConfigs`). */
  readonly security?: SecurityPlan | undefined;
}

/**
 * Where a server is called: from this machine, and from inside the mesh. None for a port that the placement gives no
 * place to, or that nothing could be answered on.
 */
export function gatewayListeners(server: GatewayServerPlan, around: GatewaySurroundings): readonly EnvoyResource[] {
  const { networkNamespacePath, bindAddress, ports, inside } = around.placement;
  const filterChains = chainsOf(server, around);
  if (filterChains.length === 0) return [];
  const place = ports[server.port];
  const insidePort = inside?.ports[server.port];
  return [
    ...(place === undefined
      ? []
      : [
          listener(
            `0.0.0.0_${server.port}`,
            'socketPath' in place
              ? pipeAddress(place.socketPath)
              : socketAddress(bindAddress, place.port, { networkNamespacePath }),
            filterChains,
            server,
          ),
        ]),
    ...(inside === undefined || insidePort === undefined
      ? []
      : [
          listener(
            `${inside.bindAddress}_${server.port}`,
            socketAddress(inside.bindAddress, insidePort),
            filterChains,
            server,
          ),
        ]),
  ];
}

function listener(
  name: string,
  address: ReturnType<typeof socketAddress>,
  filterChains: FilterChain[],
  server: GatewayServerPlan,
): EnvoyResource {
  const message = create(ListenerSchema, {
    name,
    address,
    filterChains,
    listenerFilters: server.protocol === 'tls' ? [TLS_INSPECTOR] : [],
    trafficDirection: TrafficDirection.OUTBOUND,
    metadata: originMetadata(server.origin),
  });
  return { type: 'LDS', name, message };
}

function chainsOf(server: GatewayServerPlan, around: GatewaySurroundings): FilterChain[] {
  const { telemetry, outside, security } = around;
  if (server.protocol === 'http') {
    return [create(FilterChainSchema, { filters: [entrance(server, server.routeName, around)] })];
  }
  const guards = connectionFilters(security, server.port);
  if (server.protocol === 'tcp') return server.chains.map((chain) => byteChain(chain, '', outside, telemetry, guards));
  return [
    ...server.terminating.flatMap((chain) => terminating(server, chain, around) ?? []),
    ...server.passthrough.map((chain) => byteChain(chain, 'tls', outside, telemetry, guards)),
  ];
}

function terminating(
  server: TlsServerPlan,
  { serverNames, tls, http, bytes, origin }: TerminatingChainPlan,
  around: GatewaySurroundings,
): FilterChain | undefined {
  const { trustDomain, telemetry, security } = around;
  const inside = http === undefined ? 'tcp' : 'http';
  if (tls.isMesh === true && trustDomain === undefined) return undefined;
  const filters =
    http === undefined
      ? [...connectionFilters(security, server.port), tcpProxy(bytes?.destinations ?? [], { ...bytes, telemetry })]
      : [entrance(server, http.routeName, around)];
  return create(FilterChainSchema, {
    filterChainMatch: { transportProtocol: 'tls', serverNames: [...serverNames] },
    filters,
    transportSocket:
      tls.isMesh === true && trustDomain !== undefined ? downstreamTls(trustDomain, inside) : serverTls(tls, inside),
    metadata: originMetadata(origin),
  });
}

function entrance(
  server: HttpServerPlan | TlsServerPlan,
  rds: string,
  { telemetry, pathNormalization }: GatewaySurroundings,
) {
  return httpConnectionManager({
    side: 'gateway',
    statPrefix: `outbound_0.0.0.0_${server.port}`,
    routes: { rds },
    telemetry,
    pathNormalization,
  });
}
