import type { ProxyDescriptor } from '../proxy.ts';

/**
 * What people call the workload of a proxy, from what its pod says of itself: pods of a Deployment carry the hash of their
 * template as a label and in their name, those of a StatefulSet their own name and a number (Kubernetes, well-known labels).
 */
export function workloadName(proxy: Pick<ProxyDescriptor, 'id' | 'labels' | 'workloads'>): string {
  const { pod, labels } = proxy.workloads[0] ?? { pod: podOf(proxy.id), labels: proxy.labels };
  const hash = labels['pod-template-hash'];
  if (hash !== undefined && pod.includes(`-${hash}-`)) return pod.slice(0, pod.indexOf(`-${hash}-`));
  return labels['statefulset.kubernetes.io/pod-name'] === pod ? pod.replace(/-\d+$/, '') : pod;
}

/** Ids of proxies have their pod in them: `router~127.0.0.1~edge-1.istio-system~istio-system.svc.cluster.local`. */
function podOf(id: string): string {
  return id.split('~')[2]?.split('.')[0] ?? id;
}
