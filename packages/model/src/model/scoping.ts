import type { ConnectionPool, Protocol, ServerTls } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';

export interface EgressListener {
  readonly port?: { readonly number: number; readonly protocol: Protocol; readonly name: string };
  /** An address or a Unix socket; only with a port. */
  readonly bind?: string;
  readonly captureMode: 'default' | 'iptables' | 'none';
  /** `namespace/host`; namespace may be `*`, `.`, `~`. */
  readonly hosts: readonly string[];
  readonly origin: Origin;
}

export interface IngressListener {
  readonly port: number;
  readonly protocol: Protocol;
  readonly bind?: string;
  readonly captureMode: 'default' | 'iptables' | 'none';
  /** `127.0.0.1:8080`, `0.0.0.0:8080` (the pod's address) or `unix:///path`. Absent: the port itself. */
  readonly defaultEndpoint?: string;
  readonly tls?: ServerTls;
  readonly connectionPool?: ConnectionPool;
  readonly origin: Origin;
}

/** Istio's Sidecar: what the proxies of some workloads see and serve. */
export interface ScopingItem extends ItemBase {
  readonly kind: 'scoping';
  /** Absent: all workloads of the namespace, or of the mesh when in the root namespace. */
  readonly selector?: Readonly<Record<string, string>>;
  /** Absent: inherited (all services that are visible). */
  readonly egress?: readonly EgressListener[];
  readonly ingress: readonly IngressListener[];
  readonly inboundConnectionPool?: ConnectionPool;
  readonly unknownDestinations?: 'pass-through' | 'refuse';
  /** Where unknown destinations are sent instead (`outboundTrafficPolicy.egressProxy`). */
  readonly egressProxy?: { readonly host: string; readonly subset?: string; readonly port?: number };
}
