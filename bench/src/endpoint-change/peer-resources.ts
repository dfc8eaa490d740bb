import { toBinary } from '@bufbuild/protobuf';
import type { ObservableMeshModel } from '@meshwise/model';
import {
  captureResources,
  DNS_ADDRESS,
  destinationResources,
  dnsResources,
  type EnvoyResource,
  rulesOf,
  workloadResources,
} from '@meshwise/xds';
import { proxyOf } from './fixture.ts';
import type { EncodedMessage } from './messages.ts';

const ASKED_FOR = new Set(['CDS', 'EDS', 'LDS']);

/**
 * What Meshwise prints for the first client, for peers to serve to all of them: the same bytes in the same types. What
 * belongs to one proxy alone differs by a few digits between clients, so it is a fair stand-in for the others'.
 */
export function resourcesForPeers(model: ObservableMeshModel, services: number): EncodedMessage[] {
  const proxy = proxyOf(0, services);
  model.setProxy(proxy);
  const plan = model.outbound(model.scopeOf(proxy.id));
  const printed = [
    ...model.inbound(proxy.id).flatMap((inbound) => workloadResources(inbound, proxy)),
    ...dnsResources(plan.dns, proxy, DNS_ADDRESS),
    ...destinationResources(plan),
    ...captureResources(plan),
  ];
  return printed.filter(({ type }) => ASKED_FOR.has(type)).map(encode);
}

/** The endpoints of one service as they are now. */
export function endpointsForPeers(model: ObservableMeshModel, services: number, name: string): EncodedMessage[] {
  const plan = model.outbound(model.scopeOf(proxyOf(0, services).id));
  return destinationResources(plan)
    .filter((resource) => resource.type === 'EDS' && resource.name === name)
    .map(encode);
}

function encode({ type, name, message }: EnvoyResource): EncodedMessage {
  const { typeUrl, schema } = rulesOf(type);
  return { type: typeUrl, name, value: Buffer.from(toBinary(schema, message)).toString('base64') };
}
