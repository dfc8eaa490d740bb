import type { GroupKind, Resource } from '@meshwise/resources';
import type { ClusterPlan, MutualTlsMode, Retries } from '../plan.ts';
import type { Residue } from '../provenance.ts';
import type { GatewayItem } from './gateway.ts';
import type { PeerPolicyItem, TrafficPolicyItem } from './policy.ts';
import type { RoutingItem } from './routing.ts';
import type { EndpointsItem, NamespaceItem, ServiceItem, WorkloadItem } from './service.ts';

export type Item =
  | NamespaceItem
  | ServiceItem
  | EndpointsItem
  | WorkloadItem
  | RoutingItem
  | TrafficPolicyItem
  | PeerPolicyItem
  | GatewayItem;

export type ItemOf<K extends Item['kind']> = Extract<Item, { readonly kind: K }>;

export type EnforcementPoint = 'client' | 'server' | 'gateway';

/** Which proxies act on an item. */
export const ENFORCED_AT: Readonly<Record<Item['kind'], readonly EnforcementPoint[]>> = {
  namespace: [],
  service: ['client', 'server', 'gateway'],
  endpoints: ['client', 'gateway'],
  workload: ['client', 'server', 'gateway'],
  routing: ['client', 'gateway'],
  'traffic-policy': ['client', 'gateway'],
  'peer-policy': ['server'],
  gateway: ['gateway'],
};

/** What one resource contributes to the Model. Pure data, made of this resource alone. */
export interface Fragment {
  readonly items: readonly Item[];
  readonly residues: readonly Residue[];
}

/** What holds in a mesh where no resource says anything. Data of each mesh; without it, unset stays unset. */
export interface MeshDefaults {
  readonly mutualTls?: MutualTlsMode;
  readonly loadBalancer?: NonNullable<ClusterPlan['loadBalancer']>;
  readonly connectTimeoutMs?: number;
  readonly retries?: Retries;
}

/** The reading side of one mesh. `read` is pure and answers undefined for resources that are none of its own. */
export interface MeshReader {
  readonly name: string;
  readonly reads: readonly GroupKind[];
  readonly defaults?: MeshDefaults;
  read(resource: Resource): Fragment | undefined;
}
