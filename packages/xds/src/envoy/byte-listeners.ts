import { create } from '@bufbuild/protobuf';
import type { ByteChainPlan, HttpPortPlan, TcpListenerPlan } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type Filter,
  type FilterChain,
  FilterChainSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { socketAddress } from './address.ts';
import { byteChain } from './byte-chains.ts';
import { DETECTION_TIMEOUT, HTTP_INSPECTOR, OFFERS_BYTES, PLAIN_HTTP, TLS_INSPECTOR } from './detection.ts';
import { type ListenerSetting, memoiseBySetting } from './listener-setting.ts';
import { memoise } from './memoise.ts';
import { ANY_ADDRESS, addressedChains, httpFilters } from './outbound-listeners.ts';
import { originMetadata } from './provenance.ts';
import type { EnvoyResource } from './resource.ts';
import { routesOfPort } from './route-configurations.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { unknownBytes } from './unknown-destinations.ts';

const bySetting = memoise((plan: TcpListenerPlan) =>
  memoiseBySetting((setting): EnvoyResource => {
    const name = `${plan.address}_${plan.port}`;
    const unbound = create(ListenerSchema, { address: socketAddress(plan.address, plan.port), bindToPort: false });
    const { address, bindToPort } = unbound;
    const placed: Listener = { ...byteListenerAt(name, plan, setting), address, bindToPort };
    return { type: 'LDS', name, message: placed };
  }),
);

/** One service port whose bytes say nothing about the service, so its virtual address does. */
export function byteListener(plan: TcpListenerPlan, setting: ListenerSetting): EnvoyResource {
  return bySetting(plan)(setting);
}

/**
 * A listener for bytes but for where it listens. Chains that ask for more are tried first; what begins like HTTP in a port
 * without declared protocol goes to routes; everything else straight on.
 */
export function byteListenerAt(name: string, plan: TcpListenerPlan, setting: ListenerSetting): Listener {
  const chains = plan.chains ?? [];
  const rest = create(FilterChainSchema, { filters: [...preface(plan), ...onward(plan, setting)] });
  const particular = [
    ...chains.map((chain) => particularChain(chain, plan, setting)),
    ...(plan.detected === undefined
      ? []
      : [...addressedChains(plan.detected, name, setting, PLAIN_HTTP), httpChain(plan.detected, name, setting)]),
  ];
  const inspectors = [
    ...(chains.some(({ serverNames = [] }) => serverNames.length > 0) ? [TLS_INSPECTOR] : []),
    ...(plan.detected === undefined ? [] : [HTTP_INSPECTOR]),
  ];
  return create(ListenerSchema, {
    name,
    listenerFilters: inspectors,
    ...(inspectors.length === 0
      ? {}
      : { listenerFiltersTimeout: DETECTION_TIMEOUT, continueOnListenerFiltersTimeout: true }),
    ...(particular.length === 0 ? { filterChains: [rest] } : { filterChains: particular, defaultFilterChain: rest }),
    trafficDirection: TrafficDirection.OUTBOUND,
    metadata: originMetadata(plan.origin),
  });
}

/** What no chain takes at every address is unknown; at an address of its own, rules have left it out. */
function onward(plan: TcpListenerPlan, { unknown, telemetry }: ListenerSetting): Filter[] {
  if (plan.destinations.length === 0 && plan.address === ANY_ADDRESS) return unknownBytes(unknown);
  return [tcpProxy(plan.destinations, { ...plan, telemetry })];
}

function particularChain(
  chain: ByteChainPlan,
  plan: TcpListenerPlan,
  { telemetry, outside }: ListenerSetting,
): FilterChain {
  const printed = byteChain(chain, '', outside, telemetry);
  printed.filters.unshift(...preface(plan));
  return printed;
}

function preface({ detected }: TcpListenerPlan): Filter[] {
  return detected === undefined ? [] : [OFFERS_BYTES];
}

function httpChain(routes: HttpPortPlan, listener: string, setting: ListenerSetting): FilterChain {
  const filters = httpFilters(routesOfPort(routes), listener, setting);
  return create(FilterChainSchema, { filterChainMatch: PLAIN_HTTP, filters });
}
