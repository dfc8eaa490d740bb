import { create } from '@bufbuild/protobuf';
import type { HttpPortPlan, OutboundPlan, Placement, TcpListenerPlan } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { pipeAddress, socketAddress } from './address.ts';
import { byteListenerAt } from './byte-listeners.ts';
import type { ListenerSetting } from './listener-setting.ts';
import { httpFilters } from './outbound-listeners.ts';
import type { EnvoyResource } from './resource.ts';
import { routesOfPort } from './route-configurations.ts';

const SOCKET = 'unix://';
/** The program is another user than the proxy. */
const FOR_EVERYBODY = 0o666;

/**
 * Listeners that a workload calls by their address instead of being captured (Istio, Sidecar `egress[].bind` and
 * `captureMode: NONE`): inside the namespace of the pod, or Unix sockets. `suffix` tells workloads of one proxy apart.
 */
export function boundListeners(
  plan: Pick<OutboundPlan, 'httpPorts' | 'tcpListeners'>,
  placement: Placement,
  suffix: string,
  setting: ListenerSetting,
): EnvoyResource[] {
  const http = plan.httpPorts.flatMap((port) =>
    port.bind === undefined ? [] : place(port.bind, placement, suffix, (name) => httpListener(port, name, setting)),
  );
  const bytes = plan.tcpListeners.flatMap((listener) =>
    listener.isBound === true
      ? place(placeOf(listener), placement, suffix, (name) => byteListenerAt(name, listener, setting))
      : [],
  );
  return [...http, ...bytes];
}

function place(
  bind: NonNullable<HttpPortPlan['bind']>,
  { networkNamespacePath }: Placement,
  suffix: string,
  print: (name: string) => Listener,
): EnvoyResource[] {
  if ('socketPath' in bind) {
    const name = `${bind.socketPath}_0${suffix}`;
    const { address } = create(ListenerSchema, { address: pipeAddress(bind.socketPath, FOR_EVERYBODY) });
    return address === undefined ? [] : [{ type: 'LDS', name, message: { ...print(name), address } as Listener }];
  }
  // On the host an address of one workload would be that of all.
  if (networkNamespacePath === undefined) return [];
  const name = `${bind.address}_${bind.port}${suffix}`;
  const { address } = create(ListenerSchema, {
    address: socketAddress(bind.address, bind.port, { networkNamespacePath }),
  });
  return address === undefined ? [] : [{ type: 'LDS', name, message: { ...print(name), address } as Listener }];
}

function httpListener(plan: HttpPortPlan, name: string, setting: ListenerSetting): Listener {
  return create(ListenerSchema, {
    name,
    filterChains: [{ filters: httpFilters(routesOfPort(plan), name, setting) }],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
}

function placeOf({ address, port }: TcpListenerPlan): NonNullable<HttpPortPlan['bind']> {
  return address.startsWith(SOCKET) ? { socketPath: address.slice(SOCKET.length) } : { address, port };
}
