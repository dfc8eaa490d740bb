import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { ClusterPlan, ConnectionPool, Protocol } from '@meshwise/model';
import { type Http2ProtocolOptions, Http2ProtocolOptionsSchema } from '../../gen/envoy/config/core/v3/protocol_pb.js';
import { HttpProtocolOptionsSchema } from '../../gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { durationOf, packed } from './packing.ts';
import type { Transport } from './tls.ts';

type HttpOptions = MessageInitShape<typeof HttpProtocolOptionsSchema>;

/** What may be said of connections to a cluster, beside the protocol. */
export interface HttpSettings {
  readonly pool?: ConnectionPool | undefined;
  readonly tls?: ClusterPlan['tls'] | undefined;
}

export function transportOf(protocol: Protocol, pool: ConnectionPool = {}): Transport {
  // Which of the two it will be is not known before the client speaks, so neither is offered in the handshake.
  if (pool.usesClientProtocol === true) return 'detected';
  if (pool.upgradesToHttp2 === true) return 'http2';
  switch (protocol) {
    case 'http':
      return 'http';
    case 'http2':
    case 'grpc':
      return 'http2';
    case 'auto':
      return 'detected';
    case 'tcp':
    case 'tls':
      return 'tcp';
  }
}

/** Empty for clusters of which nothing is to be said: HTTP/1.1 is what Envoy speaks then. */
export function httpOptions(protocol: Protocol, settings: HttpSettings = {}): { [name: string]: Any } {
  const { pool = {} } = settings;
  const usesClientProtocol = protocol === 'auto' || pool.usesClientProtocol === true;
  const isHttp2 = transportOf(protocol, pool) === 'http2';
  const common = commonOptions(pool);
  const upstream = upstreamOptions(settings.tls);
  if (!usesClientProtocol && !isHttp2 && common === undefined && upstream === undefined) return {};
  const options: HttpOptions = {
    ...(common === undefined ? {} : { commonHttpProtocolOptions: common }),
    ...(upstream === undefined ? {} : { upstreamHttpProtocolOptions: upstream }),
    upstreamProtocolOptions: usesClientProtocol
      ? { case: 'useDownstreamProtocolConfig', value: { httpProtocolOptions: {}, http2ProtocolOptions: http2(pool) } }
      : { case: 'explicitHttpConfig', value: { protocolConfig: explicit(isHttp2, pool) } },
  };
  return { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': packed(HttpProtocolOptionsSchema, options) };
}

function explicit(isHttp2: boolean, pool: ConnectionPool) {
  if (isHttp2) return { case: 'http2ProtocolOptions' as const, value: http2(pool) };
  return { case: 'httpProtocolOptions' as const, value: {} };
}

function http2({ maxConcurrentStreams, http2Keepalive }: ConnectionPool): Http2ProtocolOptions {
  return create(Http2ProtocolOptionsSchema, {
    ...(maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams }),
    ...(http2Keepalive === undefined
      ? {}
      : {
          connectionKeepalive: {
            interval: durationOf(http2Keepalive.intervalMs),
            timeout: durationOf(http2Keepalive.timeoutMs),
          },
        }),
  });
}

function commonOptions(pool: ConnectionPool): HttpOptions['commonHttpProtocolOptions'] {
  const { maxRequestsPerConnection, maxConnectionDurationMs } = pool;
  // As Istio: what is said of TCP holds for HTTP connections of which nothing is said.
  const idleTimeoutMs = pool.idleTimeoutMs ?? pool.tcpIdleTimeoutMs;
  if ([maxRequestsPerConnection, maxConnectionDurationMs, idleTimeoutMs].every((value) => value === undefined)) return;
  return {
    ...(maxRequestsPerConnection === undefined ? {} : { maxRequestsPerConnection }),
    ...(maxConnectionDurationMs === undefined ? {} : { maxConnectionDuration: durationOf(maxConnectionDurationMs) }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeout: durationOf(idleTimeoutMs) }),
  };
}

/**
 * Without a server name of its own a client asks for the host that the request is for, and without names to expect it
 * expects that one (Istio, ClientTLSSettings `sni`, `subjectAltNames`).
 */
function upstreamOptions(tls: ClusterPlan['tls'] | undefined): HttpOptions['upstreamHttpProtocolOptions'] {
  if (tls?.mode !== 'custom' || tls.serverName !== undefined) return undefined;
  return { autoSni: true, autoSanValidation: tls.verifiesServer && tls.subjectAltNames.length === 0 };
}
