import { create } from '@bufbuild/protobuf';
import type { GatewayPlacement, HttpServerPlan } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { pipeAddress, socketAddress } from './address.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import type { EnvoyResource } from './resource.ts';

/** Undefined for a server port that the placement gives no place to. */
export function gatewayListener(server: HttpServerPlan, placement: GatewayPlacement): EnvoyResource | undefined {
  const place = placement.ports[server.port];
  if (place === undefined) return undefined;
  const name = `0.0.0.0_${server.port}`;
  const { networkNamespacePath } = placement;
  const filter = httpConnectionManager({
    side: 'gateway',
    statPrefix: `outbound_${name}`,
    routes: { rds: server.routeName },
  });
  const message = create(ListenerSchema, {
    name,
    address:
      'socketPath' in place
        ? pipeAddress(place.socketPath)
        : socketAddress(placement.bindAddress, place.port, { networkNamespacePath }),
    filterChains: [{ filters: [filter] }],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
  return { type: 'LDS', name, message };
}
