import type { CorsPolicy, Fault, HeaderOperations, HttpMatch, Retries, Rewrite, SessionPersistence } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ExportTo, ItemBase } from './item.ts';
import type { TrafficSpecReference } from './security.ts';

/** Who asks, and at which entrance; shared by rules of all layers. */
export interface ClientMatch {
  /** Port the connection was sent to. */
  readonly port?: number;
  /** As written; replaces the gateways of the item for this alternative. */
  readonly gateways?: readonly string[];
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
}

/** Conditions of one alternative of an HTTP rule. */
export interface RuleMatch extends ClientMatch {
  readonly name?: string;
  readonly http: HttpMatch;
  /** Asked for without a path that it could be said of; to delegates it is a condition all the same (Istio). */
  readonly ignoresPathCase?: true;
  readonly statPrefix?: string;
}

/** A Gateway API `BackendObjectReference`; from another namespace it needs a ReferenceGrant there. */
export interface BackendReference {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Destination {
  /** As written: short names belong to the namespace of the item. With `backend` only for messages. */
  readonly host: string;
  /** What is meant, instead of `host`. What may not be referred to, or is not there, answers 500. */
  readonly backend?: BackendReference;
  readonly subset?: string;
  readonly port?: number;
  readonly weight: number;
  /** What it asks for cannot be carried out: its share is answered with this status, whatever `backend` is. */
  readonly refusesWith?: 500 | 503;
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
  readonly origin: Origin;
}

export interface MirrorDestination extends Omit<Destination, 'weight' | 'refusesWith'> {
  readonly percent: number;
}

/** How requests are forwarded, wherever they go. */
export interface Forwarding {
  readonly rewrite?: Rewrite;
  readonly timeoutMs?: number;
  readonly retries?: Retries;
  readonly mirrors?: readonly MirrorDestination[];
  readonly sessionPersistence?: SessionPersistence;
}

export type RuleAction =
  | ({ readonly kind: 'forward'; readonly destinations: readonly Destination[] } & Forwarding)
  | {
      readonly kind: 'redirect';
      readonly path?: string;
      readonly pathPrefix?: string;
      readonly authority?: string;
      readonly scheme?: string;
      readonly port?: number | 'protocol-default' | 'from-request';
      readonly status: number;
    }
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string; readonly bodyBase64?: string }
  /**
   * The rules of another routing without hosts, narrowed by the conditions of this one (VirtualService `delegate`).
   * Without a namespace it stands beside this one; what it leaves unsaid is `inherited`.
   */
  | {
      readonly kind: 'delegate';
      readonly name: string;
      readonly namespace?: string;
      readonly inherited: Forwarding;
    };

export interface HttpRule {
  readonly name?: string;
  /** Alternatives, tried in order. Empty: every request. */
  readonly matches: readonly RuleMatch[];
  /** Alternatives that stand in other resources, instead of `matches`; a group that is not there matches nothing (SMI). */
  readonly matchGroups?: readonly TrafficSpecReference[];
  readonly action: RuleAction;
  readonly fault?: Fault;
  readonly cors?: CorsPolicy;
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
  readonly origin: Origin;
}

/** Connections told apart by addresses, and TLS by the server name its client asks for. */
export interface ByteMatch extends ClientMatch {
  /** TLS server names; only of TLS rules. */
  readonly serverNames?: readonly string[];
  readonly destinationCidrs?: readonly string[];
  readonly sourceCidr?: string;
}

/** A rule for connections that nobody here decrypts, or that carry no HTTP. */
export interface ByteRule {
  readonly layer: 'tls' | 'tcp';
  readonly matches: readonly ByteMatch[];
  readonly destinations: readonly Destination[];
  readonly origin: Origin;
}

/** What happens to requests for some hosts, at the client's proxy (`mesh`) or at gateways. */
export interface RoutingItem extends ItemBase {
  readonly kind: 'routing';
  /** SMI's TrafficSplit: it holds where no other routing speaks of the host. */
  readonly isSplit?: true;
  /** As written; `*` and `*.example.com` are patterns. Empty: only for others to delegate to. */
  readonly hosts: readonly string[];
  /** As written; `mesh` stands for all sidecars. Absent means `mesh`. */
  readonly gateways?: readonly string[];
  readonly exportTo?: ExportTo;
  readonly rules: readonly HttpRule[];
  /** In the order of evaluation, TLS rules before TCP rules. */
  readonly byteRules?: readonly ByteRule[];
}
