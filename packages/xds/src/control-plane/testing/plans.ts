import type {
  ClusterPlan,
  EndpointPlan,
  HttpMatch,
  InboundPortPlan,
  Origin,
  ProxyDescriptor,
  RoutePlan,
  ServedWorkload,
  VirtualHostPlan,
} from '@meshwise/model';

/** Plan items of tests, complete where a test says nothing. */
export const TRUST_DOMAIN = 'cluster.local';

export function origin(kind = 'Service', name = 'test', field?: string): Origin {
  const resource = { group: kind === 'Service' ? '' : 'networking.istio.io', kind, namespace: 'default', name };
  return { resource, ...(field === undefined ? {} : { field }) };
}

export const anyRequest: HttpMatch = { headers: [], queryParameters: [] };

export function hostOf(service: string): string {
  return `${service}.default.svc.cluster.local`;
}

export function clusterName(service: string, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${hostOf(service)}`;
}

export function forwardRoute(...destinations: readonly (readonly [cluster: string, weight: number])[]): RoutePlan {
  return {
    match: anyRequest,
    action: { kind: 'forward', destinations: destinations.map(([cluster, weight]) => ({ cluster, weight })) },
    origin: origin(),
  };
}

export function virtualHostPlan(service: string, port: number, routes: readonly RoutePlan[]): VirtualHostPlan {
  return {
    name: `${hostOf(service)}:${port}`,
    domains: [service, `${service}:${port}`, hostOf(service), `${hostOf(service)}:${port}`],
    routes,
    origin: origin('Service', service),
  };
}

export function spiffe(serviceAccount: string): string {
  return `spiffe://${TRUST_DOMAIN}/ns/default/sa/${serviceAccount}`;
}

export function clusterPlan(service: string, port: number, changes: Partial<ClusterPlan> = {}): ClusterPlan {
  return {
    name: clusterName(service, port, changes.subset),
    host: hostOf(service),
    port,
    protocol: 'http',
    tls: { mode: 'auto', subjectAltNames: [spiffe(service)], serverName: `outbound_.${port}_._.${hostOf(service)}` },
    origin: origin('Service', service),
    ...changes,
  };
}

export function endpointPlan(address: string, port: number, changes: Partial<EndpointPlan> = {}): EndpointPlan {
  return { address, port, weight: 1, health: 'healthy', mutualTls: true, ...changes };
}

export function inboundPort(port: number, changes: Partial<InboundPortPlan> = {}): InboundPortPlan {
  return {
    port,
    protocol: 'http',
    mutualTls: 'strict',
    cluster: `inbound|${port}||`,
    origin: origin(),
    ...changes,
  };
}

export interface LoopbackPod {
  readonly name: string;
  readonly podIp: string;
  readonly programIp: string;
  readonly tunnelSocketPath: string;
  readonly serviceAccount?: string;
}

export function loopbackWorkload(pod: LoopbackPod): ServedWorkload {
  return {
    namespace: 'default',
    pod: pod.name,
    labels: { app: pod.name },
    serviceAccount: pod.serviceAccount ?? pod.name,
    placement: {
      capture: 'loopback',
      podIp: pod.podIp,
      programIp: pod.programIp,
      tunnelSocketPath: pod.tunnelSocketPath,
    },
    containerPorts: [],
  };
}

export function sidecar(workload: ServedWorkload): ProxyDescriptor {
  return {
    id: `sidecar~${workload.placement.podIp}~${workload.pod}.default~default.svc.cluster.local`,
    role: 'sidecar',
    namespace: 'default',
    labels: workload.labels,
    identity: { trustDomain: TRUST_DOMAIN, namespace: 'default', serviceAccount: workload.serviceAccount },
    workloads: [workload],
  };
}
