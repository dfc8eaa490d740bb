import type { ClusterPlan, MutualTlsMode } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ExportTo, ItemBase } from './item.ts';

/** How clients talk to a destination. Each absent setting is inherited: subset ← destination ← default of the mesh. */
export interface TrafficSettings {
  readonly tls?: 'mutual' | 'plain';
  readonly loadBalancer?: NonNullable<ClusterPlan['loadBalancer']>;
  readonly connectTimeoutMs?: number;
}

export interface Subset {
  readonly name: string;
  /** Endpoints whose workload has all of these. */
  readonly labels: Readonly<Record<string, string>>;
  readonly settings: TrafficSettings;
  readonly origin: Origin;
}

export interface TrafficPolicyItem extends ItemBase {
  readonly kind: 'traffic-policy';
  /** As written; may be a pattern such as `*.local`. */
  readonly host: string;
  readonly exportTo?: ExportTo;
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
