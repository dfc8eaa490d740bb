import type { Protocol } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';

export type Transport = 'TCP' | 'UDP' | 'SCTP';

export interface NamespaceItem extends ItemBase {
  readonly kind: 'namespace';
  readonly labels: Readonly<Record<string, string>>;
}

export interface ServicePort {
  /** '' when the service has one port without a name. */
  readonly name: string;
  readonly port: number;
  /** A number, or the name of a container's port. */
  readonly targetPort: number | string;
  readonly transport: Transport;
  readonly protocol: Protocol;
  readonly origin: Origin;
}

export interface ServiceItem extends ItemBase {
  readonly kind: 'service';
  /** Empty for a headless service. */
  readonly clusterIps: readonly string[];
  readonly ports: readonly ServicePort[];
  /** Absent when endpoints are written by hand. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly publishNotReadyAddresses: boolean;
}

export interface Endpoint {
  readonly address: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Name under a headless service: `mysql-0` in `mysql-0.mysql.default.svc.cluster.local`. */
  readonly hostname?: string;
  /** The pod behind it, in the namespace of the item. */
  readonly pod?: string;
}

/** One slice of a service's endpoints. */
export interface EndpointsItem extends ItemBase {
  readonly kind: 'endpoints';
  /** Name of the service, in the same namespace. */
  readonly service: string;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly transport: Transport }[];
  readonly endpoints: readonly Endpoint[];
}

/** A workload instance: identity, labels and whether its proxy takes mutual TLS. */
export interface WorkloadItem extends ItemBase {
  readonly kind: 'workload';
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly mutualTls: boolean;
}
