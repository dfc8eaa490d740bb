import { create } from '@bufbuild/protobuf';
import type { InboundPortPlan, Placement, Protocol } from '@meshwise/model';
import { Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { socketAddress, socketFields } from './address.ts';
import { NO_LIMITS } from './circuit-breakers.ts';
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
  const { networkNamespacePath } = placement;
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
                value: { address: socketAddress(placement.programIp, port.port) },
              },
            },
          ],
        },
      ],
    },
    circuitBreakers: NO_LIMITS,
    typedExtensionProtocolOptions: httpOptions(protocol),
    metadata: originMetadata(port.origin),
    ...(networkNamespacePath === undefined
      ? {}
      : { upstreamBindConfig: { sourceAddress: socketFields(INBOUND_SOURCE, 0, { networkNamespacePath }) } }),
  });
  return { type: 'CDS', name, message };
}
