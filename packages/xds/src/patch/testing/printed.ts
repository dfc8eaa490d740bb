import type { OutboundPlan, PatchPlan } from '@meshwise/model';
import {
  clusterName,
  clusterPlan,
  forwardRoute,
  inboundPort,
  loopbackWorkload,
  origin,
  sidecar,
  virtualHostPlan,
} from '../../control-plane/testing/plans.ts';
import { emptyOutbound } from '../../control-plane/testing/static-model.ts';
import { captureResources, destinationResources } from '../../envoy/outbound-view.ts';
import { workloadResources } from '../../envoy/proxy-view.ts';
import type { EnvoyResource } from '../../envoy/resource.ts';
import { jsonOf, valuesOf } from '../../envoy/testing/json-of.ts';
import { type PatchedRole, patched } from '../apply-patches.ts';

const cluster = clusterName('reviews', 9080);
const route = { ...forwardRoute([cluster, 1]), name: 'default' };
const redirect = { ...route, name: 'away', action: { kind: 'redirect', authority: 'b', status: 301 } as const };
const plan: OutboundPlan = {
  ...emptyOutbound('sidecar/default'),
  httpPorts: [{ port: 9080, virtualHosts: [virtualHostPlan('reviews', 9080, [redirect, route])] }],
  tcpListeners: [
    {
      address: '10.96.0.9',
      port: 3306,
      destinations: [{ cluster: clusterName('reviews', 9080), weight: 1 }],
      origin: origin(),
    },
  ],
  clusters: [clusterPlan('reviews', 9080), clusterPlan('reviews', 9080, { subset: 'v1' })],
};
const place = { name: 'reviews', podIp: '127.70.0.1', programIp: '127.70.1.1', tunnelSocketPath: '/run/t' };
const workload = loopbackWorkload(place);
const ports = [inboundPort(9080, { mutualTls: 'permissive' }), inboundPort(9090)];

/** Everything that patches may look at, as the printers print it. */
export const ALL: readonly EnvoyResource[] = [
  ...destinationResources(plan),
  ...captureResources(plan),
  ...workloadResources({ workload, ports }, sidecar(workload)),
];

function find(type: EnvoyResource['type'], name: string): EnvoyResource {
  const found = ALL.find((resource) => resource.type === type && resource.name.includes(name));
  if (found === undefined) throw new Error(`no ${type} ${name}`);
  return found;
}

export const printed = {
  routes: find('RDS', '9080'),
  host: find('VHDS', 'reviews'),
  cluster: find('CDS', 'outbound|9080||reviews'),
  subset: find('CDS', '|v1|'),
  inboundCluster: find('CDS', 'inbound|9080||'),
  outbound: find('LDS', '0.0.0.0_9080'),
  tcp: find('LDS', '_3306'),
  inbound: find('LDS', '127.70.0.1_9080'),
  otherInbound: find('LDS', '127.70.0.1_9090'),
  tunnel: find('LDS', 'tunnel'),
};

let count = 0;

export function patch(
  target: PatchPlan['target'],
  operation: PatchPlan['operation'],
  more: Partial<PatchPlan> = {},
): PatchPlan {
  count += 1;
  const field = `spec.configPatches[${count}]`;
  return { target, context: 'ANY', operation, match: {}, origin: origin('EnvoyFilter', 'f', field), ...more };
}

export function apply(resource: EnvoyResource, patches: readonly PatchPlan[], role: PatchedRole = 'sidecar') {
  const { resource: result, problems } = patched(resource, patches, role);
  return {
    result,
    json: result === undefined ? undefined : jsonOf(result),
    isSame: result === resource,
    problems: [...problems.values()],
  };
}

/** The names of filters, chains or routes, in their order. */
export function namesIn(json: unknown, field: string): readonly unknown[] {
  const lists = valuesOf(json, field) as readonly (readonly { readonly name: unknown }[])[];
  return lists.flatMap((list) => list.map(({ name }) => name));
}
