import type { ProxyDescriptor } from '@meshwise/model';
import type { RunningProxy } from '@meshwise/platform';
import type { ResourceStore } from '@meshwise/resources';
import { workloadNameOf } from '../status/workload-name.ts';

/** What people call the workload of a proxy: its Deployment or StatefulSet rather than its pod. */
export async function workloadNames(
  store: Pick<ResourceStore, 'list'>,
  proxies: readonly Pick<RunningProxy, 'descriptor' | 'pod'>[],
): Promise<(proxy: ProxyDescriptor) => string> {
  const list = async (group: string, kind: string) => (await store.list({ group, kind })).items;
  const [pods, replicaSets] = await Promise.all([list('', 'Pod'), list('apps', 'ReplicaSet')]);
  const byPod = new Map(
    pods.map((pod) => [
      `${pod.metadata.namespace}/${pod.metadata.name}`,
      workloadNameOf(pod, { replicaSets }).slice(`${pod.metadata.namespace}/`.length),
    ]),
  );
  const podOf = new Map(proxies.map(({ descriptor, pod }) => [descriptor.id, pod]));
  return ({ id, namespace, workloads: [workload] }) => {
    const { namespace: place, name } = podOf.get(id) ?? { namespace, name: workload?.pod };
    return byPod.get(`${place}/${name}`) ?? name ?? id;
  };
}
