import type { CallView } from '@meshwise/api';
import type { Resource } from '@meshwise/resources';

/** A workload whose calls are looked at. */
export interface ScopedWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
}

/**
 * A Sidecar (networking.istio.io) that shows a workload exactly the hosts that it has called, `~/*` when it has called
 * none. What it will call next week is not in it: that is why it is shown before anybody applies it.
 */
export function learnedScope(workload: ScopedWorkload, calls: readonly CallView[]): Resource {
  const { namespace, name, selector } = workload;
  const hosts = calls.filter(({ from }) => from === `${namespace}/${name}`).map((call) => hostOf(call, namespace));
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name, namespace },
    spec: {
      workloadSelector: { labels: { ...selector } },
      egress: [{ hosts: hosts.length === 0 ? ['~/*'] : [...new Set(hosts)].sort() }],
    },
  };
}

/** As Sidecar `egress[].hosts` has it; hosts that are no service of a namespace may be declared anywhere. */
function hostOf({ service, host }: CallView, ownNamespace: string): string {
  const namespace = service?.split('/', 1)[0];
  if (namespace === undefined) return `*/${host}`;
  return `${namespace === ownNamespace ? '.' : namespace}/${host}`;
}
