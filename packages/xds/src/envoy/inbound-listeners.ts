import { create } from '@bufbuild/protobuf';
import type { Placement } from '@meshwise/model';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { socketAddress } from './address.ts';
import { DETECTION_TIMEOUT, HTTP_INSPECTOR, TLS_INSPECTOR } from './detection.ts';
import { type InboundTarget, inboundChains, isDetected, takesMutualTls, takesPlainText } from './inbound-chains.ts';
import { durationOf } from './packing.ts';
import { originMetadata } from './provenance.ts';
import type { EnvoyResource } from './resource.ts';

/** How long a client may take to say its first word before a permissive port takes it for a plain one. */
const TLS_DETECTION_TIMEOUT_MS = 2_000;

/**
 * One listener per port, on the pod's own address and port.
 *
 * The alternative is Istio's `virtualInbound`, one listener for all ports, here with `additional_addresses`. Envoy
 * replaces all sockets of a listener whose set of addresses changes, and resets what waited in their queues: a port
 * added to a pod cost about seven connections each time under load (87 of 38,000 over twelve changes); with one
 * listener per port, none.
 */
export function inboundListener(placement: Placement, target: InboundTarget): EnvoyResource {
  const name = `${placement.podIp}_${target.port.port}`;
  const inspectors = [
    ...(takesMutualTls(target) ? [TLS_INSPECTOR] : []),
    ...(isDetected(target) && takesPlainText(target) ? [HTTP_INSPECTOR] : []),
  ];
  const message = create(ListenerSchema, {
    name,
    address: socketAddress(placement.podIp, target.port.port),
    listenerFilters: inspectors,
    ...(inspectors.length === 0 ? {} : { listenerFiltersTimeout: timeoutOf(target) }),
    // Where plain text is taken, the server may be the one that speaks first, and then the client says nothing.
    continueOnListenerFiltersTimeout: inspectors.length > 0 && takesPlainText(target),
    ...inboundChains(target),
    trafficDirection: TrafficDirection.INBOUND,
    metadata: originMetadata(target.port.origin),
  });
  return { type: 'LDS', name, message };
}

function timeoutOf(target: InboundTarget) {
  return isDetected(target) ? DETECTION_TIMEOUT : durationOf(TLS_DETECTION_TIMEOUT_MS);
}
