import { create } from '@bufbuild/protobuf';
import type { DnsRecord, PathNormalization, Placement, TelemetryPlan } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { socketAddress } from './address.ts';
import { dnsFilter } from './dns-table.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { memoisePair } from './memoise.ts';
import type { Outside } from './outside.ts';
import { memoiseByPaths } from './path-options.ts';
import type { EnvoyResource } from './resource.ts';
import { HTTP_PROXY_ROUTES } from './route-configurations.ts';
import { type UnknownPolicy, unknownBytes } from './unknown-destinations.ts';
import { DNS, VIRTUAL_OUTBOUND } from './workload-names.ts';

/** Where captured connections arrive inside the pod's namespace; Istio's port. */
export const OUTBOUND_PORT = 15_001;
/** Where the explicit proxy of loopback capture listens; Istio's `proxyHttpPort` by convention. */
export const HTTP_PROXY_PORT = 15_002;
const DNS_PORT = 53;
const LOOPBACK = '127.0.0.1';

/** Istio's names. */
const CATCH_ALL = {
  'pass-through': 'virtualOutbound-catchall-tcp',
  refuse: 'virtualOutbound-blackhole',
  unset: 'virtualOutbound-blackhole',
} as const;

/**
 * Takes every connection the pod opens and hands it to the listener of its original destination. What no listener takes
 * is passed on or closed, as the policy says.
 */
export function virtualOutbound(suffix: string, networkNamespacePath: string, unknown: UnknownPolicy): EnvoyResource {
  const name = `${VIRTUAL_OUTBOUND}${suffix}`;
  const message = create(ListenerSchema, {
    name,
    address: socketAddress(LOOPBACK, OUTBOUND_PORT, { networkNamespacePath }),
    useOriginalDst: true,
    filterChains: [{ name: CATCH_ALL[unknown.mode], filters: unknownBytes(unknown) }],
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
  outside: Outside,
): EnvoyResource {
  const name = `${DNS}${suffix}`;
  const message = create(ListenerSchema, {
    name,
    address: socketAddress(address, DNS_PORT, { udp: true, networkNamespacePath }),
    listenerFilters: [dnsFilter(records, outside)],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
  return { type: 'LDS', name, message };
}

/** What programs are told to use as their proxy when nothing captures their connections. */
export const httpProxyListener = memoisePair((placement: Placement, telemetry: TelemetryPlan) =>
  memoiseByPaths((pathNormalization) => httpProxy(placement, telemetry, pathNormalization)),
);

function httpProxy(
  placement: Placement,
  telemetry: TelemetryPlan,
  pathNormalization: PathNormalization | undefined,
): EnvoyResource {
  const name = `${placement.podIp}_${HTTP_PROXY_PORT}`;
  const filter = httpConnectionManager({
    side: 'outbound',
    statPrefix: `outbound_${name}`,
    routes: { rds: HTTP_PROXY_ROUTES },
    telemetry,
    pathNormalization,
  });
  const message = create(ListenerSchema, {
    name,
    address: socketAddress(placement.podIp, HTTP_PROXY_PORT),
    filterChains: [{ filters: [filter] }],
    trafficDirection: TrafficDirection.OUTBOUND,
  });
  return { type: 'LDS', name, message };
}
