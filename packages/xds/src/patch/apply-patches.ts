import { isMessage, type Message } from '@bufbuild/protobuf';
import type { PatchContext, PatchPlan, PatchTarget } from '@meshwise/model';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { type VirtualHost, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { EnvoyResource } from '../envoy/resource.ts';
import type { XdsType } from '../types.ts';
import { routesOfVirtualHost, virtualHostResource } from '../view/virtual-host-names.ts';
import { patchedCluster } from './patch-clusters.ts';
import { isPatchable, patchedListener } from './patch-listener.ts';
import { routeConfigurationMatches } from './patch-match.ts';
import { patchedRouteConfiguration, patchedVirtualHost } from './patch-routes.ts';
import { PatchRun, patchValue } from './patch-run.ts';

/** Of a sidecar or a gateway; which of a sidecar's contexts it is, each resource says. */
export type PatchedRole = 'sidecar' | 'gateway';

export interface Patched {
  /** Undefined: removed. The resource itself when no patch matched. */
  readonly resource: EnvoyResource | undefined;
  readonly matched: ReadonlySet<PatchPlan>;
  readonly problems: ReadonlyMap<PatchPlan, string>;
}

/** One printed resource with all patches that hold for it, as Istio applies them. Pure. */
export function patched(resource: EnvoyResource, patches: readonly PatchPlan[], role: PatchedRole): Patched {
  const run = new PatchRun(patches, contextOf(resource, role));
  const message = patchedMessage(resource, run);
  const next = message === resource.message ? resource : undefined;
  return {
    resource: message === undefined ? undefined : (next ?? { ...resource, message }),
    matched: run.matched,
    problems: run.problems,
  };
}

function patchedMessage(resource: EnvoyResource, run: PatchRun): Message | undefined {
  const { message, type, name } = resource;
  if (isMessage(message, ListenerSchema)) return isPatchable(message) ? patchedListener(message, run) : message;
  if (isMessage(message, RouteConfigurationSchema)) return patchedRouteConfiguration(message, run);
  if (isMessage(message, ClusterSchema)) return patchedCluster(message, run);
  if (type === 'VHDS' && isMessage(message, VirtualHostSchema)) {
    return patchedHostResource(message, routesOfVirtualHost(name), run);
  }
  return message;
}

/** As a resource of its own a virtual host has the name of its route configuration before its own; patches do not. */
function patchedHostResource(message: VirtualHost, routes: string, run: PatchRun): VirtualHost | undefined {
  if (!run.has('VIRTUAL_HOST', 'HTTP_ROUTE')) return message;
  const host = { ...message, name: message.name.slice(routes.length + 1) };
  const next = patchedVirtualHost(host, routes, run);
  return next === host ? message : next && { ...next, name: message.name };
}

function contextOf({ message, name }: EnvoyResource, role: PatchedRole): PatchContext {
  if (role === 'gateway') return 'GATEWAY';
  const isInbound = isMessage(message, ListenerSchema)
    ? message.trafficDirection === TrafficDirection.INBOUND
    : name.startsWith('inbound|');
  return isInbound ? 'SIDECAR_INBOUND' : 'SIDECAR_OUTBOUND';
}

const ADDED: Readonly<Partial<Record<PatchTarget, XdsType>>> = {
  LISTENER: 'LDS',
  CLUSTER: 'CDS',
  EXTENSION_CONFIG: 'ECDS',
};

export interface Addition {
  readonly patch: PatchPlan;
  readonly resource: EnvoyResource;
}

/** What ADD brings of itself. A patch for any context brings it once, on the side of what is sent (as Istio). */
export function additions(
  patches: readonly PatchPlan[],
  contexts: readonly PatchContext[],
  targets: readonly PatchTarget[],
): readonly Addition[] {
  const run = new PatchRun(patches, 'ANY');
  return targets.flatMap((target) =>
    run.of(target, 'ADD').flatMap((patch) => {
      const type = ADDED[target];
      if (type === undefined || !contexts.includes(patch.context)) return [];
      const message = patchValue<Message & { readonly name: string }>(patch);
      return [{ patch, resource: { type, name: message.name, message } }];
    }),
  );
}

/** Virtual hosts that are added to a route configuration, as the resources that they are. */
export function addedVirtualHosts(
  routes: EnvoyResource,
  patches: readonly PatchPlan[],
  role: PatchedRole,
): readonly Addition[] {
  const run = new PatchRun(patches, contextOf(routes, role));
  const held = run
    .of('VIRTUAL_HOST', 'ADD')
    .filter((patch) => routeConfigurationMatches(patch, routes.name, role === 'gateway'));
  return held.map((patch) => {
    const host = patchValue<VirtualHost>(patch);
    const name = virtualHostResource(routes.name, host.name);
    return { patch, resource: { type: 'VHDS', name, message: { ...host, name } } };
  });
}
