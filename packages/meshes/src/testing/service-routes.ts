import type { RoutePlan } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { type TestMesh, target } from './mesh.ts';
import { age, service } from './resources.ts';

export const HTTP = { name: 'http', port: 80 };

/** `parents` and `backends` as `reviews`, `shop/reviews`, `reviews:80`. */
export function route(name: string, parents: readonly string[], rules: readonly object[], more: object = {}): Resource {
  const [namespace = '', own = ''] = name.includes('/') ? name.split('/', 2) : ['default', name];
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { namespace, name: own },
    spec: { parentRefs: parents.map((parent) => ({ group: '', kind: 'Service', ...reference(parent) })), rules },
    ...more,
  } as Resource;
}

function reference(written: string): object {
  const [name = '', port] = written.split(':', 2);
  const [namespace, own] = name.includes('/') ? name.split('/', 2) : [undefined, name];
  return {
    name: own,
    ...(namespace === undefined ? {} : { namespace }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

export function to(...backends: readonly string[]): object {
  return { backendRefs: backends.map((backend) => reference(backend.includes(':') ? backend : `${backend}:80`)) };
}

export const at = (path: string, ...backends: readonly string[]) => ({
  matches: [{ path: { type: 'PathPrefix', value: path } }],
  ...to(...backends),
});

export function created(resource: Resource, seconds: number): Resource {
  return { ...resource, metadata: { ...resource.metadata, ...age(seconds) } };
}

export const shop = [
  service('reviews', [HTTP], { spec: { clusterIP: '10.96.0.1' } }),
  service('v1', [HTTP], { spec: { clusterIP: '10.96.0.2' } }),
  service('v2', [HTTP], { spec: { clusterIP: '10.96.0.3' } }),
  service('far/away', [HTTP], { spec: { clusterIP: '10.96.0.4' } }),
];

export const ways = (routes: readonly RoutePlan[]) => routes.map((one) => `${pathOf(one)} ${target(one)}`);
function pathOf({ match }: RoutePlan): string {
  const { path } = match;
  if (path === undefined) return '*';
  return 'segments' in path ? path.segments : 'exact' in path ? `=${path.exact}` : JSON.stringify(path);
}

export function seen(mesh: TestMesh, namespace = 'default', host = 'reviews'): readonly string[] {
  return ways(mesh.routes(`${host}.default`, mesh.sidecar(namespace)));
}
