import type { UseProbe, UseReading } from '@meshwise/performance';
import { type RunningProxy, UseMeter } from '@meshwise/platform';
import type { ResourceStore } from '@meshwise/resources';
import { isLoadPod } from './load-pod.ts';

export interface UseSources {
  readonly store: Pick<ResourceStore, 'list'>;
  readonly proxies: () => readonly RunningProxy[];
  readonly programPids: (podUid: string) => readonly number[];
  readonly daemonPid: number;
}

type Part = Pick<UseReading, 'role' | 'name'> & { readonly pids: readonly number[] };

/**
 * What every part of the mesh uses: programs, sidecars and gateways by `namespace/pod`, and the daemon as control plane, which
 * also does the measuring. One meter for each run, since it remembers what it has seen.
 */
export function meshUseProbe(sources: UseSources): UseProbe {
  const meter = new UseMeter();
  return {
    async read() {
      const parts = [...(await applications(sources)), ...proxyParts(sources), controlPlane(sources)];
      const uses = meter.read(parts.flatMap(({ pids }) => pids));
      return parts.flatMap(({ role, name, pids }) => {
        const known = pids.map((pid) => uses.get(pid)).filter((use) => use !== undefined);
        if (known.length === 0) return [];
        const cpuMs = known.reduce((sum, use) => sum + use.cpuMs, 0);
        return [{ role, name, cpuMs, memoryBytes: known.reduce((sum, use) => sum + use.memoryBytes, 0) }];
      });
    },
  };
}

async function applications({ store, programPids }: UseSources): Promise<readonly Part[]> {
  const { items } = await store.list({ group: '', kind: 'Pod' });
  return items
    .filter((pod) => !isLoadPod(pod))
    .map(({ metadata: { namespace, name, uid = '' } }) => ({
      role: 'application',
      name: `${namespace}/${name}`,
      pids: programPids(uid),
    }));
}

function proxyParts({ proxies }: UseSources): readonly Part[] {
  return proxies().flatMap(({ descriptor, pod, state }) => {
    if (state.pid === undefined) return [];
    const role = descriptor.role === 'gateway' ? 'gateway' : 'sidecar';
    const name = pod === undefined ? 'pods outside the mesh' : `${pod.namespace}/${pod.name}`;
    return [{ role, name, pids: [state.pid] }];
  });
}

function controlPlane({ daemonPid }: UseSources): Part {
  return { role: 'control-plane', name: 'daemon', pids: [daemonPid] };
}
