import type { ProxyDescriptor, ServedWorkload } from '@meshwise/model';

/**
 * A sidecar serves one workload and uses Istio's names as they are. A node's proxy serves many, whose names would
 * collide, so theirs are told apart by pod and namespace.
 */
export function workloadSuffix(proxy: ProxyDescriptor, workload: ServedWorkload): string {
  return proxy.role === 'node' ? `~${workload.pod}.${workload.namespace}` : '';
}

export const VIRTUAL_OUTBOUND = 'virtualOutbound';
export const DNS = 'dns';
export const TUNNEL = 'tunnel';
