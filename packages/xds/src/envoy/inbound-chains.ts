import { create } from '@bufbuild/protobuf';
import type { InboundPortPlan } from '@meshwise/model';
import {
  type Filter,
  type FilterChain,
  FilterChainSchema,
  type ListenerFilter,
  ListenerFilterSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { TlsInspectorSchema } from '../../gen/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.js';
import { httpConnectionManager } from './http-connection-manager.ts';
import { durationOf, packed } from './packing.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { downstreamTls, MESH_ALPN } from './tls.ts';

export interface InboundTarget {
  readonly port: InboundPortPlan;
  /** The cluster's name in this proxy. */
  readonly cluster: string;
  /** Unset for proxies that terminate no TLS. */
  readonly trustDomain: string | undefined;
  /** Bytes are passed on whatever the protocol. */
  readonly opaque: boolean;
}

/** Looks at the first bytes; without it no filter chain can ask for TLS. */
export const TLS_INSPECTOR: ListenerFilter = create(ListenerFilterSchema, {
  name: 'envoy.filters.listener.tls_inspector',
  configType: { case: 'typedConfig', value: packed(TlsInspectorSchema, {}) },
});

/**
 * Who is let in. Strict: only mutual TLS with an identity of the mesh; everything else finds no chain and is closed.
 * Permissive: mutual TLS from sidecars, told by their ALPN, and anything else as it is, the program's own TLS included.
 */
export function inboundChains(target: InboundTarget): FilterChain[] {
  const { port, trustDomain } = target;
  const transport = isHttp(target) ? 'http' : 'tcp';
  const plain = create(FilterChainSchema, { name: `${port.port}-plain`, filters: [entrance(target)] });
  if (port.mutualTls === 'disable' || trustDomain === undefined) return [plain];
  const mutual = create(FilterChainSchema, {
    name: `${port.port}-mtls`,
    filterChainMatch: {
      transportProtocol: 'tls',
      applicationProtocols: port.mutualTls === 'strict' ? [] : [MESH_ALPN],
    },
    filters: [entrance(target)],
    transportSocket: downstreamTls(trustDomain, transport),
  });
  return port.mutualTls === 'strict' ? [mutual] : [mutual, plain];
}

function isHttp(target: InboundTarget): boolean {
  return !target.opaque && target.port.protocol !== 'tcp';
}

function entrance(target: InboundTarget): Filter {
  const { port, cluster } = target;
  if (!isHttp(target)) return tcpProxy([{ cluster, weight: 1 }]);
  return httpConnectionManager({
    side: 'inbound',
    statPrefix: `inbound_0.0.0.0_${port.port}`,
    routes: {
      inline: create(RouteConfigurationSchema, {
        name: cluster,
        validateClusters: false,
        virtualHosts: [
          {
            name: `inbound|http|${port.port}`,
            domains: ['*'],
            routes: [
              {
                name: 'default',
                match: { pathSpecifier: { case: 'prefix', value: '/' } },
                action: {
                  case: 'route',
                  value: { clusterSpecifier: { case: 'cluster', value: cluster }, timeout: durationOf(0) },
                },
              },
            ],
          },
        ],
      }),
    },
  });
}
