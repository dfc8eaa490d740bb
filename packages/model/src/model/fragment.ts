import type { GroupKind, Resource } from '@meshwise/resources';
import type { ClusterPlan, MutualTlsMode, Retries } from '../plan.ts';
import type { Residue } from '../provenance.ts';
import type {
  AttachedRouteItem,
  BackendTlsItem,
  GatewayClassItem,
  ReferenceGrantItem,
  TrustBundleItem,
} from './attached-route.ts';
import type { GatewayItem } from './gateway.ts';
import type { TrafficPolicyItem } from './limits.ts';
import type { PatchItem } from './patch.ts';
import type { DestinationPolicyItem, LocalitySettings, PeerPolicyItem } from './policy.ts';
import type { RoutingItem } from './routing.ts';
import type { ScopingItem } from './scoping.ts';
import type { SecretItem } from './secret.ts';
import type { AuthorizationItem, TokenPolicyItem, TrafficSpecItem, TrafficTargetItem } from './security.ts';
import type { EndpointsItem, NamespaceItem, NodeItem, ServiceItem, WorkloadItem } from './service.ts';
import type { MeshSettingsItem, ProxySettingsItem, TelemetryItem } from './telemetry.ts';

export type Item =
  | NamespaceItem
  | ServiceItem
  | EndpointsItem
  | WorkloadItem
  | NodeItem
  | RoutingItem
  | DestinationPolicyItem
  | PeerPolicyItem
  | GatewayItem
  | TrafficPolicyItem
  | ScopingItem
  | TelemetryItem
  | MeshSettingsItem
  | ProxySettingsItem
  | PatchItem
  | SecretItem
  | AuthorizationItem
  | TokenPolicyItem
  | TrafficSpecItem
  | TrafficTargetItem
  | AttachedRouteItem
  | GatewayClassItem
  | ReferenceGrantItem
  | BackendTlsItem
  | TrustBundleItem;

export type ItemOf<K extends Item['kind']> = Extract<Item, { readonly kind: K }>;

export type EnforcementPoint = 'client' | 'server' | 'gateway';

/** Which proxies act on an item. */
export const ENFORCED_AT: Readonly<Record<Item['kind'], readonly EnforcementPoint[]>> = {
  namespace: [],
  service: ['client', 'server', 'gateway'],
  endpoints: ['client', 'gateway'],
  workload: ['client', 'server', 'gateway'],
  node: ['client', 'gateway'],
  routing: ['client', 'gateway'],
  'destination-policy': ['client', 'gateway'],
  'peer-policy': ['server'],
  gateway: ['gateway'],
  'traffic-policy': ['client', 'server', 'gateway'],
  scoping: ['client', 'server'],
  telemetry: ['client', 'server', 'gateway'],
  'mesh-settings': ['client', 'server', 'gateway'],
  'proxy-settings': ['client', 'server', 'gateway'],
  patch: ['client', 'server', 'gateway'],
  secret: ['client', 'server', 'gateway'],
  authorization: ['server', 'gateway'],
  'token-policy': ['server', 'gateway'],
  'traffic-spec': ['client', 'server'],
  'traffic-target': ['server'],
  'attached-route': ['client', 'gateway'],
  'gateway-class': ['gateway'],
  'reference-grant': ['client', 'gateway'],
  'backend-tls': ['client', 'gateway'],
  'trust-bundle': ['client', 'gateway'],
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
  readonly unknownDestinations?: 'pass-through' | 'refuse';
  /** Which endpoints are near, where no policy says it. */
  readonly locality?: LocalitySettings;
}

/** The reading side of one mesh. `read` is pure and answers undefined for resources that are none of its own. */
export interface MeshReader {
  readonly name: string;
  readonly reads: readonly GroupKind[];
  readonly defaults?: MeshDefaults;
  read(resource: Resource): Fragment | undefined;
}
