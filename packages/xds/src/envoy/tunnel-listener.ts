import { create } from '@bufbuild/protobuf';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { type VirtualHost, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { pipeAddress } from './address.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { durationOf } from './packing.ts';
import type { EnvoyResource } from './resource.ts';
import { TUNNEL } from './workload-names.ts';

/**
 * A way to the program's ports for those who stand outside its namespace and are no part of the mesh: probes, port
 * forwarding. CONNECT (RFC 9110, 9.3.6) to `127.0.0.1:<port>`, on a Unix socket of the proxy's user alone.
 */
export function tunnelListener(
  suffix: string,
  socketPath: string,
  targets: readonly { readonly port: number; readonly cluster: string }[],
): EnvoyResource {
  const name = `${TUNNEL}${suffix}`;
  const filter = httpConnectionManager({
    side: 'tunnel',
    statPrefix: TUNNEL,
    routes: {
      inline: create(RouteConfigurationSchema, {
        name: TUNNEL,
        validateClusters: false,
        virtualHosts: targets.map(({ port, cluster }) => tunnelHost(port, cluster)),
      }),
    },
  });
  const message = create(ListenerSchema, {
    name,
    address: pipeAddress(socketPath),
    filterChains: [{ filters: [filter] }],
  });
  return { type: 'LDS', name, message };
}

function tunnelHost(port: number, cluster: string): VirtualHost {
  return create(VirtualHostSchema, {
    name: `${TUNNEL}|${port}`,
    domains: [`127.0.0.1:${port}`, `localhost:${port}`],
    routes: [
      {
        match: { pathSpecifier: { case: 'connectMatcher', value: {} } },
        action: {
          case: 'route',
          value: {
            clusterSpecifier: { case: 'cluster', value: cluster },
            timeout: durationOf(0),
            upgradeConfigs: [{ upgradeType: 'CONNECT', connectConfig: {} }],
          },
        },
      },
    ],
  });
}
