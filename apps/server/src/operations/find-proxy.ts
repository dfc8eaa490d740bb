import { MeshwiseError } from '@meshwise/core';
import type { RunningProxy } from '@meshwise/platform';
import type { ResourceStore } from '@meshwise/resources';

/**
 * The proxies that a target means: a proxy id, `namespace/pod`, a pod, `deploy/NAME`, `sts/NAME`, or the beginning of a pod's name. All
 * of them when there is no target. Throws MW2001 when a target means none.
 */
export async function findProxies(
  store: Pick<ResourceStore, 'list'>,
  proxies: readonly RunningProxy[],
  target: string | undefined,
  namespace: string | undefined,
): Promise<readonly RunningProxy[]> {
  const inNamespace = proxies.filter((proxy) => namespace === undefined || proxy.pod?.namespace === namespace);
  if (target === undefined) return inNamespace;
  const found =
    /^(deploy|sts|statefulset)/.test(target) && target.includes('/')
      ? await ofWorkload(store, inNamespace, target)
      : ofPod(inNamespace, target);
  if (found.length > 0) return found;
  throw new MeshwiseError('MW2001', `no proxy is called ${target}`, {
    advice: 'See `meshwise proxy list` for the proxies that run.',
  });
}

function ofPod(proxies: readonly RunningProxy[], target: string): readonly RunningProxy[] {
  const tests: ((proxy: RunningProxy) => boolean)[] = [
    (proxy) => proxy.descriptor.id === target,
    ({ pod }) => pod !== undefined && (`${pod.namespace}/${pod.name}` === target || pod.name === target),
    ({ pod }) => pod?.name.startsWith(`${target}-`) === true,
  ];
  for (const test of tests) {
    const found = proxies.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}

/** By owner and not by the beginning of the name: `web` is not `web-canary`. */
async function ofWorkload(
  store: Pick<ResourceStore, 'list'>,
  proxies: readonly RunningProxy[],
  target: string,
): Promise<readonly RunningProxy[]> {
  const [kindName = '', name = ''] = target.split('/');
  const kind = kindName.startsWith('deploy') ? 'Deployment' : 'StatefulSet';
  const list = async (group: string, of: string) => (await store.list({ group, kind: of })).items;
  const [owners, sets, pods] = await Promise.all([list('apps', kind), list('apps', 'ReplicaSet'), list('', 'Pod')]);
  const uids = new Set(owners.filter((owner) => owner.metadata.name === name).map((owner) => owner.metadata.uid));
  const owned = (resource: { metadata: (typeof pods)[number]['metadata'] }) =>
    resource.metadata.ownerReferences?.some(({ uid }) => uids.has(uid)) === true;
  for (const set of sets) if (owned(set)) uids.add(set.metadata.uid);
  const podUids = new Set(pods.filter(owned).map((pod) => pod.metadata.uid));
  return proxies.filter(({ pod }) => pod !== undefined && podUids.has(pod.uid));
}
