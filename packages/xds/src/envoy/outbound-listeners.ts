import { create } from '@bufbuild/protobuf';
import type { HttpPortPlan, TcpListenerPlan } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import type { Filter } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { socketAddress } from './address.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { memoise } from './memoise.ts';
import { originMetadata } from './provenance.ts';
import type { EnvoyResource } from './resource.ts';
import { routesOfPort } from './route-configurations.ts';
import { tcpProxy } from './tcp-proxy.ts';

/**
 * Listeners without a socket: `virtualOutbound` hands captured connections over by their original destination. They
 * name no namespace and no proxy, so every proxy of a scope has the same ones.
 */
function unboundListener(name: string, address: string, port: number, filter: Filter): Listener {
  return create(ListenerSchema, {
    name,
    address: socketAddress(address, port),
    bindToPort: false,
    filterChains: [{ filters: [filter] }],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
}

const ANY_ADDRESS = '0.0.0.0';

/** All HTTP services of one port; which one is meant, the Host header says. Only the port matters, not its routes. */
export const httpPortListener = (() => {
  const byPort = new Map<number, EnvoyResource>();
  return (plan: HttpPortPlan): EnvoyResource => {
    const known = byPort.get(plan.port);
    if (known !== undefined) return known;
    const name = `${ANY_ADDRESS}_${plan.port}`;
    const filter = httpConnectionManager({
      side: 'outbound',
      statPrefix: `outbound_${name}`,
      routes: { rds: routesOfPort(plan) },
    });
    const message = unboundListener(name, ANY_ADDRESS, plan.port, filter);
    const printed: EnvoyResource = { type: 'LDS', name, message };
    byPort.set(plan.port, printed);
    return printed;
  };
})();

/** One TCP service port: bytes say nothing about the service, so its virtual address does. */
export const tcpServiceListener = memoise((plan: TcpListenerPlan): EnvoyResource => {
  const name = `${plan.address}_${plan.port}`;
  const message = unboundListener(name, plan.address, plan.port, tcpProxy(plan.destinations));
  message.metadata = originMetadata(plan.origin);
  return { type: 'LDS', name, message };
});
