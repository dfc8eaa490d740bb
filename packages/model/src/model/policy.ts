import type {
  ClusterPlan,
  ConnectionPool,
  HashPolicy,
  MutualTlsMode,
  OutlierDetection,
  RetryBudget,
  TlsCredential,
} from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ExportTo, ItemBase } from './item.ts';

/** What TLS a client speaks to a destination. `simple` and `certificate` use certificates of the user's. */
export type ClientTls =
  | { readonly mode: 'plain' }
  | { readonly mode: 'mutual'; readonly subjectAltNames?: readonly string[]; readonly serverName?: string }
  | {
      readonly mode: 'simple' | 'certificate';
      readonly credential?: TlsCredential;
      readonly subjectAltNames: readonly string[];
      readonly serverName?: string;
      readonly skipsVerification?: boolean;
    };

/** Which endpoints are near (Istio's localityLbSetting). Localities are `region/zone/subzone`, `*` at the end is any. */
export interface LocalitySettings {
  readonly enabled?: boolean;
  readonly distribute: readonly { readonly from: string; readonly to: Readonly<Record<string, number>> }[];
  readonly failover: readonly { readonly from: string; readonly to: string }[];
  /** Labels in the order of their weight, `key` or `key=value`. */
  readonly failoverPriority: readonly string[];
}

export interface BalancerSettings {
  /** `passthrough`: to the address the client asked for. */
  readonly algorithm?: NonNullable<ClusterPlan['loadBalancer']> | 'passthrough';
  readonly hash?: HashPolicy;
  readonly ring?: ClusterPlan['ring'];
  readonly warmup?: ClusterPlan['warmup'];
  readonly locality?: LocalitySettings;
}

/**
 * How clients talk to a destination. Each absent setting is inherited: port ← subset ← destination ← default of the mesh,
 * as Istio documents which of them are inherited as a whole.
 */
export interface TrafficSettings {
  readonly tls?: ClientTls;
  readonly loadBalancer?: BalancerSettings;
  /** Inherited together with `connectionPool`, of which it is a part. */
  readonly connectTimeoutMs?: number;
  readonly connectionPool?: ConnectionPool;
  readonly retryBudget?: RetryBudget;
  readonly outlierDetection?: OutlierDetection;
  readonly proxyProtocol?: ClusterPlan['proxyProtocol'];
  readonly tunnel?: ClusterPlan['tunnel'];
  /** By port of the service; nothing of the settings around it is inherited but what Istio says. */
  readonly ports?: readonly { readonly port: number; readonly settings: Omit<TrafficSettings, 'ports' | 'tunnel'> }[];
}

export interface Subset {
  readonly name: string;
  /** Endpoints whose workload has all of these. */
  readonly labels: Readonly<Record<string, string>>;
  readonly settings: TrafficSettings;
  readonly origin: Origin;
}

/** Istio's DestinationRule. */
export interface DestinationPolicyItem extends ItemBase {
  readonly kind: 'destination-policy';
  /** As written; may be a pattern such as `*.local`. */
  readonly host: string;
  readonly exportTo?: ExportTo;
  /** Only for clients with all of these labels, in the namespace of the item. */
  readonly clientSelector?: Readonly<Record<string, string>>;
  /** Absent when the resource says nothing; another one for the same host may then say it. */
  readonly settings?: TrafficSettings;
  readonly subsets: readonly Subset[];
}

/** What servers accept. `mode` absent: inherited from the next wider policy. */
export interface PeerPolicyItem extends ItemBase {
  readonly kind: 'peer-policy';
  /** Absent: all workloads of the namespace, or of the mesh when the namespace is the root namespace. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly mode?: MutualTlsMode;
  /** By port of the workload. */
  readonly ports: readonly { readonly port: number; readonly mode: MutualTlsMode }[];
}
