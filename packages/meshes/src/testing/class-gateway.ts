import type { GatewayPlan, ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { type TestMesh, target } from './mesh.ts';

/** Short forms of the Gateway API's resources, named `name` or `namespace/name`, in `default` unless given. */
function of(kind: string, version = 'v1') {
  return (name: string, spec: object, meta: object = {}): Resource => {
    const [namespace = '', own = ''] = name.includes('/') ? name.split('/', 2) : ['default', name];
    return {
      apiVersion: `gateway.networking.k8s.io/${version}`,
      kind,
      metadata: { namespace, name: own, ...meta },
      spec,
    };
  };
}

export const classGateway = of('Gateway');
export const httpRoute = of('HTTPRoute');
export const grpcRoute = of('GRPCRoute');
export const tlsRoute = of('TLSRoute');
export const tcpRoute = of('TCPRoute', 'v1alpha2');
export const referenceGrant = of('ReferenceGrant', 'v1beta1');
export const backendTlsPolicy = of('BackendTLSPolicy');

export function gatewayClass(name = 'meshwise', controllerName = 'meshwise.dev/gateway-controller'): Resource {
  const { metadata, ...rest } = of('GatewayClass')(name, { controllerName });
  return { ...rest, metadata: { name: metadata.name } };
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Resource {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A listener of HTTP; `more` are its other fields. */
export function listener(name: string, port: number, more: object = {}): object {
  return { name, port, protocol: 'HTTP', ...more };
}

/** A Gateway of our class. */
export function gatewayOf(name: string, ...listeners: readonly object[]): Resource {
  return classGateway(name, { gatewayClassName: 'meshwise', listeners });
}

/** A rule of an HTTPRoute that leads to a Service by name and port, for paths below a prefix. */
export function rule(backend: string, port: number, prefix?: string): object {
  return {
    ...(prefix === undefined ? {} : { matches: [{ path: { type: 'PathPrefix', value: prefix } }] }),
    backendRefs: [{ name: backend, port }],
  };
}

/** The proxy that is run for a Gateway. */
export function proxyOf(gateway: string, inNamespace = 'default'): ProxyDescriptor {
  const labels = { 'gateway.networking.k8s.io/gateway-name': gateway };
  return { id: `router~${gateway}.${inNamespace}`, role: 'gateway', namespace: inNamespace, labels, workloads: [] };
}

export function planOf(mesh: TestMesh, proxy: ProxyDescriptor): GatewayPlan {
  mesh.model.setProxy(proxy);
  return mesh.model.gateway(proxy.id);
}

/** What a proxy answers over plain HTTP: for each `host:port` its routes as `path target`. */
export function answers(mesh: TestMesh, proxy: ProxyDescriptor): Readonly<Record<string, readonly string[]>> {
  const hosts = planOf(mesh, proxy).servers.flatMap((server) =>
    server.protocol === 'http'
      ? server.virtualHosts
      : server.protocol === 'tls'
        ? server.terminating.flatMap(({ http }) => http?.virtualHosts ?? [])
        : [],
  );
  return Object.fromEntries(
    hosts.map(({ name, routes }) => [
      name,
      routes.map((route) => {
        const { path } = route.match;
        const shown = path === undefined || 'present' in path ? '/' : Object.values(path)[0];
        return `${shown} ${target(route)}`;
      }),
    ]),
  );
}
