import type { Residue } from '@meshwise/model';
import type { CertificateSummary, RunningProxy } from '@meshwise/platform';
import type { Resource, ResourceStore } from '@meshwise/resources';
import type { ProxyStatus } from '@meshwise/xds';
import type { Samples } from './sampler.ts';

/** Everything that a status is made of, as it was at one moment. */
export interface Snapshot {
  readonly services: readonly Resource[];
  readonly endpointSlices: readonly Resource[];
  readonly deployments: readonly Resource[];
  readonly statefulSets: readonly Resource[];
  readonly replicaSets: readonly Resource[];
  readonly pods: readonly Resource[];
  readonly gateways: readonly Resource[];
  /** Of the Gateway API. */
  readonly classGateways: readonly Resource[];
  readonly virtualServices: readonly Resource[];
  readonly proxies: readonly SeenProxy[];
  readonly residues: ReadonlyMap<string, readonly Residue[]>;
  readonly samples: Samples;
  readonly programPids: (podUid: string) => readonly number[];
  readonly gatewayPorts: Readonly<Record<number, number>>;
  /** Ports of this machine that stand for those of a Gateway of the Gateway API. */
  readonly classGatewayPorts: (gateway: Resource) => Readonly<Record<number, number>>;
}

export interface SeenProxy {
  readonly running: Pick<RunningProxy, 'descriptor' | 'pod' | 'state'>;
  /** Of a process that somebody else runs. */
  readonly attached?: { readonly kind: 'envoy' | 'grpc'; readonly name: string };
  readonly xds: ProxyStatus | undefined;
  readonly certificate: CertificateSummary | undefined;
  /** When it was seen. */
  readonly nowMs: number;
}

const KINDS = {
  services: { group: '', kind: 'Service' },
  endpointSlices: { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
  deployments: { group: 'apps', kind: 'Deployment' },
  statefulSets: { group: 'apps', kind: 'StatefulSet' },
  replicaSets: { group: 'apps', kind: 'ReplicaSet' },
  pods: { group: '', kind: 'Pod' },
  gateways: { group: 'networking.istio.io', kind: 'Gateway' },
  classGateways: { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
  virtualServices: { group: 'networking.istio.io', kind: 'VirtualService' },
} as const;

export async function readResources(store: ResourceStore): Promise<Record<keyof typeof KINDS, readonly Resource[]>> {
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const lists = await Promise.all(names.map(async (name) => (await store.list(KINDS[name])).items));
  return Object.fromEntries(names.map((name, index) => [name, lists[index] ?? []])) as Record<
    keyof typeof KINDS,
    readonly Resource[]
  >;
}
