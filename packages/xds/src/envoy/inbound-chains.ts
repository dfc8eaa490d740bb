import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { InboundPortPlan, PathNormalization, SecurityPlan, TelemetryPlan } from '@meshwise/model';
import {
  type Filter,
  type FilterChain,
  type FilterChainMatchSchema,
  FilterChainSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { PLAIN_HTTP } from './detection.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { connectionFilters } from './security/connection-filters.ts';
import { serverTls } from './server-tls.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { downstreamTls, MESH_ALPN, MESH_HTTP_ALPN } from './tls.ts';

export interface InboundTarget {
  readonly port: InboundPortPlan;
  /** The cluster's name in this proxy. */
  readonly cluster: string;
  /** Unset for proxies that terminate no TLS. */
  readonly trustDomain: string | undefined;
  /** Bytes are passed on whatever the protocol. */
  readonly opaque: boolean;
  /** What is reported of requests and connections. */
  readonly telemetry?: TelemetryPlan | undefined;
  readonly pathNormalization?: PathNormalization | undefined;
  /** What is asked of connections; what is asked of requests comes by itself (`securityConfigs`). */
  readonly security?: SecurityPlan | undefined;
}

/**
 * Who is let in. Strict: only mutual TLS with an identity of the mesh; everything else finds no chain and is closed.
 * Permissive: mutual TLS from sidecars, told by their ALPN, and anything else as it is, the program's own TLS included.
 *
 * A port without declared protocol has each way twice, for HTTP and for bytes.
 *
 * What comes last is the default chain and not one without conditions: Envoy looks for the protocol in use first, and a
 * connection that then lacks something else that is asked for does not come back to chains without conditions.
 */
export function inboundChains(target: InboundTarget): {
  filterChains: FilterChain[];
  defaultFilterChain?: FilterChain;
} {
  const mutual = takesMutualTls(target) ? mutualChains(target, target.trustDomain ?? '') : [];
  if (!takesPlainText(target)) return { filterChains: mutual };
  const particular = [...mutual, ...(isDetected(target) ? [plainChain('plain-http', target, true, PLAIN_HTTP)] : [])];
  const rest = plainChain('plain', target, isHttp(target) && !isDetected(target));
  return particular.length === 0 ? { filterChains: [rest] } : { filterChains: particular, defaultFilterChain: rest };
}

export function takesMutualTls({ trustDomain, port }: InboundTarget): boolean {
  return trustDomain !== undefined && port.mutualTls !== 'disable';
}

export function takesPlainText(target: InboundTarget): boolean {
  return !takesMutualTls(target) || target.port.mutualTls === 'permissive';
}

/** Whether a port shows by its first bytes what it carries. */
export function isDetected({ opaque, port }: InboundTarget): boolean {
  return !opaque && port.protocol === 'auto';
}

/** Whether requests are read, and routes are needed for them. */
export function isHttp({ opaque, port }: InboundTarget): boolean {
  return !opaque && port.protocol !== 'tcp' && port.protocol !== 'tls';
}

function mutualChains(target: InboundTarget, trustDomain: string): FilterChain[] {
  const { port } = target;
  const chain = (name: string, isOfHttp: boolean, applicationProtocols: readonly string[]) =>
    create(FilterChainSchema, {
      name: `${port.port}-${name}`,
      filterChainMatch: { transportProtocol: 'tls', applicationProtocols: [...applicationProtocols] },
      filters: isOfHttp ? [requests(target)] : bytes(target),
      transportSocket: downstreamTls(trustDomain, isOfHttp ? 'http' : 'tcp'),
    });
  const others = port.mutualTls === 'strict' ? [] : [MESH_ALPN];
  if (!isDetected(target)) return [chain('mtls', isHttp(target), others)];
  return [chain('mtls-http', true, [MESH_HTTP_ALPN]), chain('mtls', false, others)];
}

function plainChain(
  name: string,
  target: InboundTarget,
  isOfHttp: boolean,
  filterChainMatch?: MessageInitShape<typeof FilterChainMatchSchema>,
): FilterChain {
  const { tls } = target.port;
  return create(FilterChainSchema, {
    name: `${target.port.port}-${name}`,
    filters: isOfHttp ? [requests(target)] : bytes(target),
    ...(filterChainMatch === undefined ? {} : { filterChainMatch }),
    // Instead of the mesh's own (Sidecar `ingress[].tls`).
    ...(tls === undefined ? {} : { transportSocket: serverTls(tls, isOfHttp ? 'http' : 'tcp') }),
  });
}

function bytes({ port, cluster, telemetry, security }: InboundTarget): Filter[] {
  return [...connectionFilters(security, port.port), tcpProxy([{ cluster, weight: 1 }], { telemetry })];
}

function requests({ port, cluster, telemetry, pathNormalization }: InboundTarget): Filter {
  return httpConnectionManager({
    side: 'inbound',
    statPrefix: `inbound_0.0.0.0_${port.port}`,
    routes: { rds: cluster },
    translatesGrpcWeb: port.protocol === 'grpc',
    telemetry,
    pathNormalization,
  });
}
