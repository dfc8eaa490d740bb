import {
  type GatewayPlacement,
  type Identity,
  labelledLocality,
  type ProxyDescriptor,
  type ServedWorkload,
} from '@meshwise/model';
import type { PodSpec, Resource } from '@meshwise/resources';
import type { PodSandbox } from '../capture/capture.ts';
import { PROXY_CONTAINER } from '../injection/index.ts';

/** Which proxy serves a pod: its own sidecar, the node's (outside the mesh), or it is a gateway itself. */
export function roleOf(pod: Resource): 'sidecar' | 'gateway' | 'node' {
  const containers = (pod.spec as PodSpec).containers;
  if (!containers.some((container) => container.name === PROXY_CONTAINER)) return 'node';
  return containers.length === 1 ? 'gateway' : 'sidecar';
}

export function identityOf(pod: Resource, trustDomain: string): Identity {
  const spec = pod.spec as PodSpec;
  return {
    trustDomain,
    namespace: pod.metadata.namespace ?? 'default',
    serviceAccount: spec.serviceAccountName ?? spec.serviceAccount ?? 'default',
  };
}

export function servedWorkload(pod: Resource, sandbox: PodSandbox): ServedWorkload {
  const spec = pod.spec as PodSpec;
  return {
    namespace: sandbox.namespace,
    pod: sandbox.name,
    labels: pod.metadata.labels ?? {},
    serviceAccount: spec.serviceAccountName ?? 'default',
    placement: sandbox.placement,
    containerPorts: spec.containers
      .filter((container) => container.name !== PROXY_CONTAINER)
      .flatMap((container) => container.ports ?? [])
      .map((port) => ({
        port: port.containerPort,
        ...(port.name === undefined ? {} : { name: port.name }),
        protocol: port.protocol === 'UDP' ? ('UDP' as const) : ('TCP' as const),
      })),
  };
}

/** The descriptor of a pod's own proxy, with the node id in Istio's form. */
export function proxyDescriptor(
  pod: Resource,
  sandbox: PodSandbox,
  options: { trustDomain: string; clusterDomain: string; gateway?: GatewayPlacement },
): ProxyDescriptor {
  const role = roleOf(pod) === 'gateway' ? 'gateway' : 'sidecar';
  const { namespace, name, placement } = sandbox;
  const kind = role === 'gateway' ? 'router' : 'sidecar';
  const locality = labelledLocality(pod.metadata.labels ?? {});
  return {
    id: `${kind}~${placement.podIp}~${name}.${namespace}~${namespace}.svc.${options.clusterDomain}`,
    role,
    namespace,
    labels: pod.metadata.labels ?? {},
    identity: identityOf(pod, options.trustDomain),
    workloads: role === 'gateway' ? [] : [servedWorkload(pod, sandbox)],
    ...(options.gateway === undefined ? {} : { gateway: options.gateway }),
    ...(locality === undefined ? {} : { locality }),
  };
}

/** Unix sockets that a proxy listens on: tunnels into its pods, and a gateway's ends of relays. */
export function listeningSockets({ workloads, gateway }: ProxyDescriptor): readonly string[] {
  const tunnels = workloads.flatMap(({ placement: { tunnelSocketPath: path } }) => (path === undefined ? [] : [path]));
  const relayed = Object.values(gateway?.ports ?? {}).flatMap((port) =>
    'socketPath' in port ? [port.socketPath] : [],
  );
  return [...tunnels, ...relayed];
}
