import { MeshwiseError } from '@meshwise/core';
import type { RunningProxy } from '@meshwise/platform';

/**
 * The proxies that a target means: a proxy id, `namespace/pod`, a pod, `deploy/NAME`, or the beginning of a pod's name. All of
 * them when there is no target. Throws MW2001 when a target means none.
 */
export function findProxies(
  proxies: readonly RunningProxy[],
  target: string | undefined,
  namespace: string | undefined,
): readonly RunningProxy[] {
  const inNamespace = proxies.filter((proxy) => namespace === undefined || proxy.pod?.namespace === namespace);
  if (target === undefined) return inNamespace;
  const workload = /^(?:deploy|deployment|deployments|sts|statefulset)s?(?:\.apps)?\/(.+)$/.exec(target)?.[1];
  const tests: ((proxy: RunningProxy) => boolean)[] =
    workload === undefined
      ? [
          (proxy) => proxy.descriptor.id === target,
          ({ pod }) => pod !== undefined && (`${pod.namespace}/${pod.name}` === target || pod.name === target),
          ({ pod }) => pod?.name.startsWith(`${target}-`) === true,
        ]
      : [({ pod }) => pod?.name.startsWith(`${workload}-`) === true];
  for (const test of tests) {
    const found = inNamespace.filter(test);
    if (found.length > 0) return found;
  }
  throw new MeshwiseError('MW2001', `no proxy is called ${target}`, {
    advice: 'See `meshwise proxy list` for the proxies that run.',
  });
}
