import type { Resource } from '@meshwise/resources';
import { type ScaleChange, type ScaleMesh, uniformMesh } from '../scale/objects.ts';

const NAMESPACE = 'default';

/** So many services with one proxy and one AuthorizationPolicy each. */
export function guardedMesh(services: number): ScaleMesh {
  const mesh = uniformMesh(services, services);
  const policies = mesh.proxies.map((_, index) => policyOf(mesh, index, 'before'));
  return { ...mesh, resources: [...mesh.resources.map(selecting), ...policies] };
}

/** A Service that selects its proxy, whose port then carries HTTP. */
function selecting(resource: Resource): Resource {
  if (resource.kind !== 'Service') return resource;
  return { ...resource, spec: { ...(resource.spec as object), selector: { app: resource.metadata.name } } };
}

/** The policy of one workload. */
export function oneChange(mesh: ScaleMesh, round: number): ScaleChange {
  const index = 1 + round;
  const marker = `/one-${round}`;
  return { resources: [policyOf(mesh, index, marker)], marker, types: ['filters'], concerns: [index] };
}

/** A policy for every workload of the namespace. */
export function wideChange(mesh: ScaleMesh, round: number): ScaleChange {
  const marker = `/wide-${round}`;
  return {
    resources: [policy('for-all', undefined, marker)],
    marker,
    types: ['filters'],
    concerns: mesh.proxies.map((_, index) => index),
  };
}

function policyOf({ proxies }: ScaleMesh, index: number, path: string): Resource {
  const app = proxies[index]?.labels['app'] ?? '';
  return policy(app, { matchLabels: { app } }, path);
}

function policy(name: string, selector: object | undefined, path: string): Resource {
  const principals = ['cluster.local/ns/default/sa/front', 'cluster.local/ns/default/sa/back'];
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { namespace: NAMESPACE, name },
    spec: {
      ...(selector === undefined ? {} : { selector }),
      action: 'ALLOW',
      rules: [{ from: [{ source: { principals } }], to: [{ operation: { methods: ['GET'], paths: [path] } }] }],
    },
  };
}
