import type { ProxyView } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { parseTarget } from '../input/target.ts';

/** A proxy as people name it: `namespace/pod`. Its id, Istio's node id, says the same at three times the length. */
export function proxyName(proxy: ProxyView): string {
  if (proxy.attached !== undefined) return proxy.workload;
  return proxy.pod === null ? proxy.id : qualified(proxy, proxy.pod);
}

/**
 * The proxies that a word means: a proxy's id, `namespace/pod`, a pod's name, or a workload as `deploy/NAME` (all of its
 * pods), in one namespace or in all. Throws MW2001 when there is none.
 */
export function findProxies(
  proxies: readonly ProxyView[],
  text: string,
  namespace: string | undefined,
): readonly ProxyView[] {
  const there = proxies.filter((proxy) => namespace === undefined || namespaceOf(proxy) === namespace);
  const exact = there.filter((proxy) => proxy.id === text || proxyName(proxy) === text);
  if (exact.length > 0) return exact;
  const { kind, name } = parseTarget(text);
  const found = there.filter((proxy) => {
    const isPod = proxyName(proxy) === `${namespaceOf(proxy)}/${name}`;
    const isWorkload = proxy.workload === `${namespaceOf(proxy)}/${name}`;
    return kind === 'Pod' ? isPod : kind === undefined ? isPod || isWorkload : isWorkload;
  });
  if (found.length > 0) return found;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  throw new MeshwiseError('MW2001', `no proxy of ${text}${where}`, { advice: 'List them with `meshwise proxy list`.' });
}

function namespaceOf(proxy: ProxyView): string {
  return proxy.workload.split('/')[0] ?? '';
}

function qualified(proxy: ProxyView, pod: string): string {
  return pod.includes('/') ? pod : `${namespaceOf(proxy)}/${pod}`;
}
