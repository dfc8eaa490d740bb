import { create } from '@bufbuild/protobuf';
import type { DnsRecord, Placement } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { socketAddress } from './address.ts';
import { dnsFilter } from './dns-table.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import type { EnvoyResource } from './resource.ts';
import { HTTP_PROXY_ROUTES } from './route-configurations.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { DNS, VIRTUAL_OUTBOUND } from './workload-names.ts';

/** Where captured connections arrive inside the pod's namespace; Istio's port. */
export const OUTBOUND_PORT = 15_001;
/** Where the explicit proxy of loopback capture listens; Istio's `proxyHttpPort` by convention. */
export const HTTP_PROXY_PORT = 15_002;
const DNS_PORT = 53;
const LOOPBACK = '127.0.0.1';

/** Takes every connection the pod opens and hands it to the listener of its original destination, or closes it. */
export function virtualOutbound(suffix: string, networkNamespacePath: string): EnvoyResource {
  const name = `${VIRTUAL_OUTBOUND}${suffix}`;
  const message = create(ListenerSchema, {
    name,
    address: socketAddress(LOOPBACK, OUTBOUND_PORT, { networkNamespacePath }),
    useOriginalDst: true,
    filterChains: [{ name: 'virtualOutbound-blackhole', filters: [tcpProxy([])] }],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
  return { type: 'LDS', name, message };
}

/** Answers names inside the pod's namespace, without the control plane. */
export function dnsListener(
  suffix: string,
  networkNamespacePath: string,
  address: string,
  records: readonly DnsRecord[],
): EnvoyResource {
  const name = `${DNS}${suffix}`;
  const message = create(ListenerSchema, {
    name,
    address: socketAddress(address, DNS_PORT, { udp: true, networkNamespacePath }),
    listenerFilters: [dnsFilter(records)],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
  return { type: 'LDS', name, message };
}

/** What programs are told to use as their proxy when nothing captures their connections. */
export function httpProxyListener(placement: Placement): EnvoyResource {
  const name = `${placement.podIp}_${HTTP_PROXY_PORT}`;
  const filter = httpConnectionManager({
    side: 'outbound',
    statPrefix: `outbound_${name}`,
    routes: { rds: HTTP_PROXY_ROUTES },
  });
  const message = create(ListenerSchema, {
    name,
    address: socketAddress(placement.podIp, HTTP_PROXY_PORT),
    filterChains: [{ filters: [filter] }],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
  return { type: 'LDS', name, message };
}
