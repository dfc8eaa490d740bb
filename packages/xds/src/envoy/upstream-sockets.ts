import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ClusterPlan } from '@meshwise/model';
import type { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { ProxyProtocolConfig_Version as Version } from '../../gen/envoy/config/core/v3/proxy_protocol_pb.js';
import { ProxyProtocolUpstreamTransportSchema } from '../../gen/envoy/extensions/transport_sockets/proxy_protocol/v3/upstream_proxy_protocol_pb.js';
import { clientTls } from './client-tls.ts';
import { TLS_MODE, TLS_MODE_MUTUAL } from './endpoint-metadata.ts';
import { packed } from './packing.ts';
import { transportOf } from './protocols.ts';
import { plainSocket, upstreamTls } from './tls.ts';

type Sockets = Pick<MessageInitShape<typeof ClusterSchema>, 'transportSocket' | 'transportSocketMatches'>;

/** What a cluster speaks below HTTP: TLS or not, and whether the server is told of the client's address first. */
export function upstreamSockets(plan: ClusterPlan): Sockets {
  const { tls, protocol, connectionPool, proxyProtocol } = plan;
  const transport = transportOf(protocol, connectionPool);
  const wrapped = (socket: TransportSocket) =>
    proxyProtocol === undefined ? socket : announced(socket, proxyProtocol);
  switch (tls.mode) {
    case 'plain':
      // Unset is Envoy's plain socket.
      return proxyProtocol === undefined ? {} : { transportSocket: wrapped(plainSocket()) };
    case 'custom':
      return { transportSocket: wrapped(clientTls(tls, transport)) };
    case 'mutual':
      return { transportSocket: wrapped(upstreamTls(tls, transport)) };
    case 'auto':
      return {
        transportSocketMatches: [
          {
            name: `${TLS_MODE}-${TLS_MODE_MUTUAL}`,
            match: { [TLS_MODE]: TLS_MODE_MUTUAL },
            transportSocket: wrapped(upstreamTls(tls, transport)),
          },
          { name: `${TLS_MODE}-disabled`, match: {}, transportSocket: wrapped(plainSocket()) },
        ],
      };
  }
}

/** The PROXY protocol header before everything else (haproxy.org, "The PROXY protocol", versions 1 and 2). */
function announced(socket: TransportSocket, version: 'v1' | 'v2'): TransportSocket {
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.upstream_proxy_protocol',
    configType: {
      case: 'typedConfig',
      value: packed(ProxyProtocolUpstreamTransportSchema, {
        config: { version: version === 'v1' ? Version.V1 : Version.V2 },
        transportSocket: socket,
      }),
    },
  });
}
