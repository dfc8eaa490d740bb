import { MeshwiseError } from '@meshwise/core';
import { serviceHost } from '@meshwise/model';
import type { EndpointSliceData, Resource, ServicePort, ServiceSpec } from '@meshwise/resources';
import type { Target } from './target.ts';

/** A port of a service of the mesh, with the pods that are ready behind it. */
export interface ServiceTarget {
  readonly namespace: string;
  readonly name: string;
  /** With its domain: `details.default.svc.cluster.local`. */
  readonly host: string;
  readonly port: number;
  readonly pods: readonly ReadyPod[];
}

export interface ReadyPod {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  /** On which the program listens, which the service may name otherwise. */
  readonly port: number;
}

export interface ServiceResources {
  readonly services: readonly Resource[];
  readonly endpointSlices: readonly Resource[];
}

const SERVICE_LABEL = 'kubernetes.io/service-name';
/** As Istio reads `appProtocol` and the beginnings of port names ("Explicit protocol selection"). */
const HTTP_PROTOCOLS: ReadonlySet<string> = new Set(['http', 'http2', 'grpc', 'grpc-web', 'kubernetes.io/h2c']);
const NAMED_AT_MOST = 20;

/** Finds the service and port that a target names. Throws MW8002 with what there is instead. */
export function findService(
  resources: ServiceResources,
  target: Extract<Target, { kind: 'service' }>,
  clusterDomain: string,
): ServiceTarget {
  const { name, namespace } = target;
  const found = resources.services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (found === undefined) throw noService(resources.services, target);
  const port = choosePort(found, target.port);
  return {
    namespace,
    name,
    host: serviceHost(name, namespace, clusterDomain),
    port: port.port,
    pods: resources.endpointSlices
      .filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.[SERVICE_LABEL] === name)
      .flatMap((slice) => readyPods(slice, port)),
  };
}

/** The service that a host name or address of a URL stands for, as workloads of `from` see it. */
export function serviceOfHost(
  { services }: ServiceResources,
  host: string,
  from: string,
  clusterDomain: string,
): Resource | undefined {
  return services.find((service) => {
    const { name, namespace = 'default' } = service.metadata;
    const full = serviceHost(name, namespace, clusterDomain);
    const names = [full, full.slice(0, -clusterDomain.length - 1), `${name}.${namespace}`];
    if (namespace === from) names.push(name);
    return names.includes(host) || (service.spec as ServiceSpec | undefined)?.clusterIP === host;
  });
}

function noService(
  services: readonly Resource[],
  { name, namespace, port }: { name: string; namespace: string; port: string | undefined },
): MeshwiseError {
  const there = services.map(({ metadata }) => `${metadata.name}.${metadata.namespace}`).sort();
  const more = there.length > NAMED_AT_MOST ? ` and ${there.length - NAMED_AT_MOST} more` : '';
  const url = `http://localhost${port === undefined ? '' : `:${port}`}/`;
  return new MeshwiseError('MW8002', `there is no service ${name} in namespace ${namespace}`, {
    found: `${name}.${namespace}`,
    expected:
      there.length === 0 ? 'a URL, since the mesh has no services' : there.slice(0, NAMED_AT_MOST).join(', ') + more,
    ...(name === 'localhost' ? { advice: `For a server on this machine write ${url}.` } : {}),
  });
}

function choosePort(service: Resource, wanted: string | undefined): ServicePort {
  const ports = ((service.spec as ServiceSpec | undefined)?.ports ?? []).filter(
    ({ protocol = 'TCP' }) => protocol === 'TCP',
  );
  const chosen =
    wanted === undefined
      ? (ports.find((port) => HTTP_PROTOCOLS.has(protocolOf(port))) ?? ports[0])
      : ports.find((port) => String(port.port) === wanted || port.name === wanted);
  if (chosen !== undefined) return chosen;
  const { name, namespace } = service.metadata;
  const names = ports.map(({ name, port }) => (name === undefined ? String(port) : `${port} (${name})`));
  const what = wanted === undefined ? 'TCP port' : `TCP port ${wanted}`;
  throw new MeshwiseError('MW8002', `service ${name}.${namespace} has no ${what}`, {
    found: wanted,
    expected: names.length === 0 ? undefined : names.join(', '),
  });
}

function protocolOf({ appProtocol, name }: ServicePort): string {
  if (appProtocol !== undefined) return appProtocol.toLowerCase();
  return name?.startsWith('grpc-web') === true ? 'grpc-web' : (name?.split('-')[0] ?? 'http');
}

/** A port of a slice is that of the service by its name (kubernetes.io, "EndpointSlices"). */
function readyPods(slice: Resource, { name = '' }: ServicePort): readonly ReadyPod[] {
  const { endpoints = [], ports = [] } = slice as unknown as EndpointSliceData;
  const port = ports.find((candidate) => (candidate.name ?? '') === name)?.port;
  if (port === undefined) return [];
  return endpoints
    .filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true)
    .flatMap(({ addresses, targetRef }) => {
      const [ip] = addresses;
      if (ip === undefined || targetRef?.name === undefined) return [];
      const namespace = targetRef.namespace ?? slice.metadata.namespace ?? 'default';
      return [{ namespace, name: targetRef.name, ip, port }];
    });
}
