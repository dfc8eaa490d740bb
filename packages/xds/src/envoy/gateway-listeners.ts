import { create } from '@bufbuild/protobuf';
import type {
  GatewayPlacement,
  GatewayServerPlan,
  HttpServerPlan,
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
import { serverTls } from './server-tls.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { downstreamTls } from './tls.ts';

export interface GatewaySurroundings {
  readonly placement: GatewayPlacement;
  /** Of the gateway's own identity; without one it ends no TLS of the mesh. */
  readonly trustDomain: string | undefined;
  readonly telemetry: TelemetryPlan | undefined;
  readonly outside: Outside;
}

/** Undefined for a server port that the placement gives no place to, or that nothing could be answered on. */
export function gatewayListener(server: GatewayServerPlan, around: GatewaySurroundings): EnvoyResource | undefined {
  const { placement } = around;
  const place = placement.ports[server.port];
  const filterChains = chainsOf(server, around);
  if (place === undefined || filterChains.length === 0) return undefined;
  const name = `0.0.0.0_${server.port}`;
  const { networkNamespacePath } = placement;
  const message = create(ListenerSchema, {
    name,
    address:
      'socketPath' in place
        ? pipeAddress(place.socketPath)
        : socketAddress(placement.bindAddress, place.port, { networkNamespacePath }),
    filterChains,
    listenerFilters: server.protocol === 'tls' ? [TLS_INSPECTOR] : [],
    trafficDirection: TrafficDirection.OUTBOUND,
    metadata: originMetadata(server.origin),
  });
  return { type: 'LDS', name, message };
}

function chainsOf(server: GatewayServerPlan, around: GatewaySurroundings): FilterChain[] {
  const { telemetry, outside } = around;
  if (server.protocol === 'http') {
    return [create(FilterChainSchema, { filters: [entrance(server, server.routeName, telemetry)] })];
  }
  if (server.protocol === 'tcp') return server.chains.map((chain) => byteChain(chain, '', outside, telemetry));
  return [
    ...server.terminating.flatMap((chain) => terminating(server, chain, around) ?? []),
    ...server.passthrough.map((chain) => byteChain(chain, 'tls', outside, telemetry)),
  ];
}

function terminating(
  server: TlsServerPlan,
  { serverNames, tls, http, bytes, origin }: TerminatingChainPlan,
  { trustDomain, telemetry }: GatewaySurroundings,
): FilterChain | undefined {
  const inside = http === undefined ? 'tcp' : 'http';
  if (tls.isMesh === true && trustDomain === undefined) return undefined;
  const filter =
    http === undefined
      ? tcpProxy(bytes?.destinations ?? [], { ...bytes, telemetry })
      : entrance(server, http.routeName, telemetry);
  return create(FilterChainSchema, {
    filterChainMatch: { transportProtocol: 'tls', serverNames: [...serverNames] },
    filters: [filter],
    transportSocket:
      tls.isMesh === true && trustDomain !== undefined ? downstreamTls(trustDomain, inside) : serverTls(tls, inside),
    metadata: originMetadata(origin),
  });
}

function entrance(server: HttpServerPlan | TlsServerPlan, rds: string, telemetry: TelemetryPlan | undefined) {
  return httpConnectionManager({
    side: 'gateway',
    statPrefix: `outbound_0.0.0.0_${server.port}`,
    routes: { rds },
    telemetry,
  });
}
