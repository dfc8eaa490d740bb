import type { ConditionView, GatewayView, ProxyView, ServiceView, StatusView, WorkloadView } from '@meshwise/api';
import type { Facets } from './filter.ts';
import { severityHealth } from './health.ts';

/** Identifies a row within its table, and in the address: `default/reviews`. */
export function rowId(item: { readonly namespace: string; readonly name: string }): string {
  return `${item.namespace}/${item.name}`;
}

/** Of a Gateway of the Gateway API each listener is a row. */
export function gatewayRowId(gateway: GatewayView): string {
  return gateway.listener === undefined ? rowId(gateway) : `${rowId(gateway)}/${gateway.listener}`;
}

export function workloadRowId(workload: WorkloadView): string {
  return `${workload.kind}/${rowId(workload)}`;
}

/** Two remarks may share object and field; the message is what tells them apart. */
export function conditionRowId(condition: ConditionView): string {
  const { group = '', kind, namespace, name } = condition.object;
  return [group, kind, namespace, name, condition.field ?? '', condition.message].join('/');
}

/** `default/productpage-v1` has its namespace in front; a gateway's proxy has the namespace of its Gateway. */
export function proxyNamespace(proxy: ProxyView, gateways: readonly GatewayView[]): string | null {
  const slash = proxy.workload.indexOf('/');
  if (slash > 0) return proxy.workload.slice(0, slash);
  return gateways.find((gateway) => gateway.name === proxy.workload)?.namespace ?? null;
}

/** The workload without its namespace, which is shown beside it. */
export function proxyName(proxy: ProxyView): string {
  return proxy.workload.slice(proxy.workload.indexOf('/') + 1);
}

export function serviceFacets(service: ServiceView): Facets {
  const { namespace, health } = service;
  const ports = service.ports.map((port) => `${port.port}/${port.protocol}`);
  const words = [namespace, service.name, service.host, service.clusterIp, service.reason, ...ports];
  return { namespace, health, kind: 'service', words };
}

export function workloadFacets(workload: WorkloadView): Facets {
  const { namespace, health, kind } = workload;
  const pods = workload.pods.flatMap((pod) => [pod.name, pod.ip, pod.reason]);
  return {
    namespace,
    health,
    kind,
    words: [namespace, workload.name, kind, workload.reason, ...workload.images, ...pods],
  };
}

export function proxyFacets(proxy: ProxyView, gateways: readonly GatewayView[]): Facets {
  const rejections = proxy.types.map((type) => type.lastRejection?.reason ?? null);
  return {
    namespace: proxyNamespace(proxy, gateways),
    health: proxy.health,
    kind: proxy.role,
    words: [proxy.id, proxy.workload, proxy.pod, proxy.identity, proxy.role, proxy.reason, ...rejections],
  };
}

export function gatewayFacets(gateway: GatewayView): Facets {
  const { namespace, health } = gateway;
  const words = [namespace, gateway.name, gateway.listener ?? null, gateway.address, gateway.reason, ...gateway.hosts];
  return { namespace, health, kind: 'gateway', words };
}

export function conditionFacets(condition: ConditionView): Facets {
  const { kind, namespace, name } = condition.object;
  const words = [kind, namespace, name, condition.field, condition.message, condition.severity];
  return { namespace: namespace === '' ? null : namespace, health: severityHealth(condition.severity), kind, words };
}

/** Every namespace something lives in, sorted; those in the address stay choosable though nothing is left in them. */
export function namespacesOf(status: StatusView, scope: readonly string[] = []): readonly string[] {
  const names = new Set(scope);
  for (const item of [...status.services, ...status.workloads, ...status.gateways]) names.add(item.namespace);
  for (const { object } of status.conditions) if (object.namespace !== '') names.add(object.namespace);
  return [...names].sort();
}
