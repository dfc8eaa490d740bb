import { GATEWAY_CONTROLLERS } from '@meshwise/model';
import type { GatewayClassSpec, GroupKind, K8sGatewaySpec, Resource } from '@meshwise/resources';
import type { GatewayPorts } from '../../proxies/gateway-ports.ts';

export type Gateway = Resource<K8sGatewaySpec>;
export type GatewayClass = Resource<GatewayClassSpec>;

const GROUP = 'gateway.networking.k8s.io';
export const GATEWAY: GroupKind = { group: GROUP, kind: 'Gateway' };
export const GATEWAY_CLASS: GroupKind = { group: GROUP, kind: 'GatewayClass' };

/** What is run for a Gateway is labelled with it (GEP-1762). */
export const GATEWAY_NAME_LABEL = `${GROUP}/gateway-name`;
export const GATEWAY_CLASS_LABEL = `${GROUP}/gateway-class-name`;

function isOurs(gateway: Gateway, classes: readonly GatewayClass[]): boolean {
  const named = classes.find(({ metadata }) => metadata.name === gateway.spec?.gatewayClassName);
  return GATEWAY_CONTROLLERS.includes(named?.spec?.controllerName ?? '');
}

/** Whether a Gateway names a Service by which it is reached already (Istio, "Manual Deployment"). */
function namesService({ spec }: Gateway): boolean {
  return (spec?.addresses ?? []).some(({ type }) => type === 'Hostname');
}

/** Whether a proxy is run for the Gateway and nothing else. */
export function isRun(gateway: Gateway, classes: readonly GatewayClass[]): boolean {
  return isOurs(gateway, classes) && !namesService(gateway);
}

/** The ports of its listeners, each once; of UDP nothing is served. */
export function listenerPorts({ spec }: Gateway): readonly number[] {
  return [...new Set((spec?.listeners ?? []).filter(({ protocol }) => protocol !== 'UDP').map(({ port }) => port))];
}

/** The port of this machine for each port of a Gateway's listeners that has one. */
export function machinePortsOf(
  gateway: Gateway,
  ports: Pick<GatewayPorts, 'all' | 'own'>,
): Readonly<Record<number, number>> {
  const own = ports.own[`${gateway.metadata.namespace}/${gateway.metadata.name}`] ?? {};
  const given = namesService(gateway) ? ports.all : own;
  return Object.fromEntries(
    listenerPorts(gateway).flatMap((port) => (given[port] === undefined ? [] : [[port, given[port]]])),
  );
}

/** The ports that Gateways ask for: at proxies of their own, and at gateways that they share with others. */
export function gatewayPortsOf(
  gateways: readonly Gateway[],
  classes: readonly GatewayClass[],
): { readonly shared: readonly number[]; readonly own: ReadonlyMap<string, readonly number[]> } {
  const ours = gateways.filter((gateway) => isOurs(gateway, classes));
  return {
    shared: ours.filter(namesService).flatMap(listenerPorts),
    own: new Map(
      ours
        .filter((gateway) => !namesService(gateway))
        .map((gateway) => [`${gateway.metadata.namespace}/${gateway.metadata.name}`, listenerPorts(gateway)]),
    ),
  };
}
