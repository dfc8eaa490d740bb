import { type AttachedKind, attachedKindOf } from '@meshwise/meshes';
import type { GatewayPlacement, ProxyDescriptor } from '@meshwise/model';
import { keyOf, type Resource, type ResourceKey, type WorkloadEntrySpec } from '@meshwise/resources';

/** What an attached Envoy is: `gateway`, or, when it does not say so, the sidecar of a program. */
export const ROLE_ANNOTATION = 'meshwise.dev/attached-role';

/** A process that joins from outside, as its WorkloadEntry describes it. */
export interface AttachedProxy {
  readonly kind: AttachedKind;
  readonly key: ResourceKey;
  readonly descriptor: ProxyDescriptor;
}

export interface MeshNames {
  readonly trustDomain: string;
  readonly clusterDomain: string;
}

/** Undefined for a WorkloadEntry of a process that nobody attached. */
export function attachedProxy(entry: Resource, names: MeshNames): AttachedProxy | undefined {
  const kind = attachedKindOf(entry);
  const spec = (entry.spec ?? {}) as WorkloadEntrySpec;
  if (kind === undefined || spec.address === undefined) return undefined;
  const { name, namespace = 'default' } = entry.metadata;
  const role = kind === 'envoy' && entry.metadata.annotations?.[ROLE_ANNOTATION] === 'gateway' ? 'gateway' : 'sidecar';
  const labels = { ...spec.labels, ...entry.metadata.labels };
  const serviceAccount = spec.serviceAccount ?? 'default';
  const { locality } = spec;
  const place = `${spec.address}~${name}.${namespace}~${namespace}.svc.${names.clusterDomain}`;
  const common = {
    id: `${role === 'gateway' ? 'router' : 'sidecar'}~${place}`,
    role,
    namespace,
    labels,
    ...(locality === undefined || locality === '' ? {} : { locality }),
  } as const;
  const key = keyOf(entry);
  if (kind === 'grpc') return { kind, key, descriptor: { ...common, client: 'grpc', workloads: [] } };
  const identity = { trustDomain: names.trustDomain, namespace, serviceAccount };
  if (role === 'gateway') {
    return { kind, key, descriptor: { ...common, identity, workloads: [], gateway: gatewayOf(spec.address, spec) } };
  }
  const containerPorts = Object.entries(spec.ports ?? {}).map(([portName, port]) => ({
    port,
    name: portName,
    protocol: 'TCP' as const,
  }));
  // Envoy takes requests at the entry's address, and its program has the same ports on the loopback interface.
  const placement = { capture: 'loopback', podIp: spec.address, programIp: PROGRAM_ADDRESS } as const;
  const workload = { namespace, pod: name, labels, serviceAccount, placement, containerPorts };
  return { kind, key, descriptor: { ...common, identity, workloads: [workload] } };
}

export const PROGRAM_ADDRESS = '127.0.0.1';
const GATEWAY_PORT = /^port-(\d+)$/;

/** `ports` of a gateway's entry: `port-80: 18080` is port 80 of Gateways, bound at 18080. */
function gatewayOf(bindAddress: string, { ports = {} }: WorkloadEntrySpec): GatewayPlacement {
  const bound = Object.entries(ports).flatMap(([name, port]) => {
    const server = GATEWAY_PORT.exec(name)?.[1];
    return server === undefined ? [] : [[server, { port }] as const];
  });
  return { bindAddress, ports: Object.fromEntries(bound) };
}

/** The name of a port that has none, and of a gateway's. */
export function portName(port: number): string {
  return `port-${port}`;
}
