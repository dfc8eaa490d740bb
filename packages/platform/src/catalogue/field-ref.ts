import type { PodSpec, PodStatus, Resource } from '@meshwise/resources';

type Pod = Resource<PodSpec, PodStatus>;

/** What a pod's own fields cannot say. */
export interface NodeFacts {
  readonly nodeName: string;
  readonly hostIp: string;
}

/**
 * The value of a `fieldRef` (the downward API). Undefined for a path that Kubernetes does not offer to environment
 * variables; an offered one that is not set gives ''.
 */
export function fieldValue(path: string, pod: Pod, node: NodeFacts): string | undefined {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) {
    const [, map, key = ''] = keyed;
    return (map === 'labels' ? pod.metadata.labels : pod.metadata.annotations)?.[key] ?? '';
  }
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name;
    case 'metadata.namespace':
      return pod.metadata.namespace ?? '';
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'spec.nodeName':
      return pod.spec?.nodeName ?? node.nodeName;
    case 'spec.serviceAccountName':
      return pod.spec?.serviceAccountName ?? 'default';
    case 'status.podIP':
    case 'status.podIPs':
      return pod.status?.podIP ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return pod.status?.hostIP ?? node.hostIp;
    default:
      return undefined;
  }
}
