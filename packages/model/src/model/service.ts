import type { Discovery, Protocol } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ExportTo, ItemBase } from './item.ts';

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
  /** Its full name, or a pattern such as `*.example.com`. Absent: `<name>.<namespace>.svc.<cluster domain>`. */
  readonly host?: string;
  /** Where its endpoints stand. Absent: in the mesh. Clients present no mesh identity to what is external. */
  readonly location?: 'mesh' | 'external';
  /** Where its endpoints come from. Absent: `endpoints` items (and workloads by `selector`). */
  readonly discovery?: Exclude<Discovery, 'eds'>;
  /** Endpoints that are part of the resource itself. */
  readonly inlineEndpoints?: readonly InlineEndpoint[];
  /** SPIFFE ids or names its servers may have, besides those of its workloads. */
  readonly subjectAltNames?: readonly string[];
  readonly exportTo?: ExportTo;
  /** Empty for a headless service. */
  readonly clusterIps: readonly string[];
  /** Ranges (CIDR) all of whose addresses lead to the service. */
  readonly addressRanges?: readonly string[];
  /** Has no address of its own and is given one, so that its name resolves and its TCP ports are told apart. */
  readonly wantsVirtualAddress?: boolean;
  readonly ports: readonly ServicePort[];
  /** Absent when endpoints are written by hand. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly publishNotReadyAddresses: boolean;
}

/** An endpoint as a ServiceEntry or a WorkloadEntry writes it. */
export interface InlineEndpoint {
  /** An address, a host name (with DNS discovery), or `unix:///path`. */
  readonly address: string;
  /** Number by name of the service's port; absent names use the target port. */
  readonly ports: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly locality?: string;
  readonly weight?: number;
  readonly serviceAccount?: string;
  readonly origin: Origin;
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
  /** The machine it stands on. */
  readonly node?: string;
  /** `region/zone/subzone`, where neither its workload nor its node says it. */
  readonly locality?: string;
}

/** One slice of a service's endpoints. */
export interface EndpointsItem extends ItemBase {
  readonly kind: 'endpoints';
  /** Name of the service, in the same namespace. */
  readonly service: string;
  /** Full name of the service where it is not made of that name and the namespace. */
  readonly host?: string;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly transport: Transport }[];
  readonly endpoints: readonly Endpoint[];
}

/** A machine that workloads stand on. */
export interface NodeItem extends ItemBase {
  readonly kind: 'node';
  /** `region/zone/subzone`, trailing parts may be missing. */
  readonly locality: string;
}

/** A workload instance: identity, labels and whether its proxy takes mutual TLS. */
export interface WorkloadItem extends ItemBase {
  readonly kind: 'workload';
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly mutualTls: boolean;
  /** Numbers of its container ports that have names, which services may target by them. */
  readonly namedPorts?: Readonly<Record<string, number>>;
  /** Of a pod, while it is ready: for entries that select pods without a Service. */
  readonly address?: string;
  /** The machine it stands on. */
  readonly node?: string;
  /** `region/zone/subzone` as the workload says it itself, which decides over its node. */
  readonly locality?: string;
  /** It is told by us what to do, and stands where the proxies do. */
  readonly isAttached?: boolean;
  /** Set for a workload that says itself where it is (WorkloadEntry); services select it as they select pods. */
  readonly entry?: InlineEndpoint;
}
