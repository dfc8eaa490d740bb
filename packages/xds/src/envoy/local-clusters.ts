import { create } from '@bufbuild/protobuf';
import type { InboundPortPlan, Placement, Protocol } from '@meshwise/model';
import { Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import type { Address } from '../../gen/envoy/config/core/v3/address_pb.js';
import { pipeAddress, socketAddress, socketFields } from './address.ts';
import { circuitBreakers, NO_LIMITS } from './circuit-breakers.ts';
import { httpOptions } from './protocols.ts';
import { originMetadata } from './provenance.ts';
import type { EnvoyResource } from './resource.ts';
import { statName } from './stat-name.ts';

/** A cluster without endpoints: connections sent there are closed. Istio's name. */
export const BLACK_HOLE = 'BlackHoleCluster';

/** The address that proxied traffic comes from inside the pod, as in Istio: captured traffic never has it. */
const INBOUND_SOURCE = '127.0.0.6';

export const blackHoleCluster: EnvoyResource = {
  type: 'CDS',
  name: BLACK_HOLE,
  message: create(ClusterSchema, {
    name: BLACK_HOLE,
    altStatName: statName(BLACK_HOLE),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.STATIC },
  }),
};

/** The program itself, reached inside its namespace or at its own loopback address. */
export function inboundCluster(
  name: string,
  port: InboundPortPlan,
  placement: Placement,
  protocol: Protocol,
): EnvoyResource {
  const { connectionPool: pool } = port;
  const isSocket = port.endpoint !== undefined && 'socketPath' in port.endpoint;
  // A socket in the file system is in no network.
  const networkNamespacePath = isSocket ? undefined : placement.networkNamespacePath;
  const message = create(ClusterSchema, {
    name,
    altStatName: statName(name),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.STATIC },
    loadAssignment: {
      clusterName: name,
      endpoints: [
        {
          lbEndpoints: [
            {
              hostIdentifier: {
                case: 'endpoint',
                value: { address: programAddress(port, placement) },
              },
            },
          ],
        },
      ],
    },
    circuitBreakers: pool === undefined ? NO_LIMITS : circuitBreakers(pool),
    typedExtensionProtocolOptions: httpOptions(protocol, { pool }),
    metadata: originMetadata(port.origin),
    ...(networkNamespacePath === undefined
      ? {}
      : { upstreamBindConfig: { sourceAddress: socketFields(INBOUND_SOURCE, 0, { networkNamespacePath }) } }),
  });
  return { type: 'CDS', name, message };
}

/** Where the program listens: on the port itself, unless a Sidecar says otherwise. */
function programAddress({ port, endpoint }: InboundPortPlan, { programIp }: Placement): Address {
  if (endpoint === undefined) return socketAddress(programIp, port);
  return 'socketPath' in endpoint ? pipeAddress(endpoint.socketPath) : socketAddress(endpoint.address, endpoint.port);
}
