import type { Resource } from '../resource.ts';
import { edit, editItems, fill } from './edit.ts';

/** `targetPort` is the port itself, unless the Service is a name for something elsewhere. */
export function serviceDefaults(resource: Resource): Resource {
  const withSpec = resource.spec === undefined ? { ...resource, spec: {} } : resource;
  return edit(withSpec, ['spec'], (spec) => {
    const typed = fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
    const affine =
      typed['sessionAffinity'] === 'ClientIP'
        ? fill(typed, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } })
        : typed;
    const outside = affine['type'] === 'NodePort' || affine['type'] === 'LoadBalancer';
    const policies = outside ? fill(affine, { externalTrafficPolicy: 'Cluster' }) : affine;
    if (policies['type'] === 'ExternalName') return policies;
    return editItems(policies, 'ports', (port) => fill(port, { targetPort: port['port'] }));
  });
}
