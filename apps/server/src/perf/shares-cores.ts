import type { Mesh } from '../mesh/mesh.ts';
import { isPinned, sharesCores } from './cores.ts';
import type { ReadyPod } from './find-service.ts';

type Running = Pick<Mesh, 'proxies' | 'kubelet'>;

/** Whether a generator shares cores with programs or sidecars of these pods. */
export function sharesCoresWithPods(pods: readonly ReadyPod[], { proxies, kubelet }: Running): boolean | null {
  const pids = proxies.all().flatMap(({ pod, state }) => {
    const isOne = pods.some(({ name, namespace }) => pod?.name === name && pod.namespace === namespace);
    if (!isOne || pod === undefined) return [];
    return [...kubelet.programPids(pod.uid), ...(state.pid === undefined ? [] : [state.pid])];
  });
  return sharesCores(pids);
}

/** The same for a server that we do not know: it may run anywhere on this machine, and never on another. */
export function sharesCoresWithServer(isThisMachine: boolean): boolean | null {
  if (!isThisMachine) return false;
  return isPinned() ? null : true;
}
