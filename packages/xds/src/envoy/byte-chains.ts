import { create } from '@bufbuild/protobuf';
import type { ByteChainPlan, TelemetryPlan } from '@meshwise/model';
import {
  type Filter,
  type FilterChain,
  FilterChainSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { cidr } from './cidr.ts';
import { dynamicServerName } from './dynamic-names.ts';
import type { Outside } from './outside.ts';
import { originMetadata } from './provenance.ts';
import { tcpProxy } from './tcp-proxy.ts';

/** A way for bytes through a gateway's listener; `transportProtocol` is `tls` where the first bytes must be a handshake. `guards` come first. */
export function byteChain(
  plan: ByteChainPlan,
  transportProtocol: 'tls' | '',
  outside: Outside,
  telemetry?: TelemetryPlan,
  guards: readonly Filter[] = [],
): FilterChain {
  const { resolvesServerNameAt: port } = plan;
  return create(FilterChainSchema, {
    filterChainMatch: {
      transportProtocol,
      serverNames: [...(plan.serverNames ?? [])],
      prefixRanges: (plan.destinationCidrs ?? []).map(cidr),
      sourcePrefixRanges: (plan.sourceCidrs ?? []).map(cidr),
    },
    filters: [
      ...guards,
      ...(port === undefined ? [] : [dynamicServerName(port, outside)]),
      tcpProxy(plan.destinations, { ...plan, telemetry }),
    ],
    metadata: originMetadata(plan.origin),
  });
}
