import type { AuthorizationRule, ExternalAuthorizer, TokenProvider } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';

/** What a policy is attached to, besides workloads by their labels: a Gateway, a Service, a GatewayClass. In the namespace of the policy. */
export interface PolicyAttachment {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly origin: Origin;
}

/** For whom a policy of security is: neither selector nor targets means the whole namespace, or the mesh in the root namespace. */
interface Attached {
  readonly selector?: Readonly<Record<string, string>>;
  readonly targets?: readonly PolicyAttachment[];
}

/** Istio's AuthorizationPolicy. */
export interface AuthorizationItem extends ItemBase, Attached {
  readonly kind: 'authorization';
  readonly action: 'allow' | 'deny' | 'audit' | 'external';
  /** Of `external`: name of an `ExternalAuthorizerSettings`. */
  readonly provider?: string;
  readonly rules: readonly AuthorizationRule[];
  readonly isDryRun?: boolean;
}

/** Where the keys of an issuer come from. `discovery`: its OpenID Connect configuration says it (OIDC Discovery 1.0, 4). */
export type KeySource =
  | { readonly kind: 'inline'; readonly keys: string }
  | { readonly kind: 'uri'; readonly uri: string; readonly timeoutMs?: number }
  | { readonly kind: 'discovery'; readonly issuer: string; readonly timeoutMs?: number };

/** A source of keys that is somewhere else and has to be fetched; `id` is `keySourceId`. */
export type RemoteKeySource = Exclude<KeySource, { readonly kind: 'inline' }>;

/** By what a fetched key set is known: `uri https://…` or `discovery https://…`. */
export function keySourceId(source: RemoteKeySource): string {
  return source.kind === 'uri' ? `uri ${source.uri}` : `discovery ${source.issuer}`;
}

/** A rule of Istio's RequestAuthentication (`jwtRules`). */
export interface TokenRule extends Omit<TokenProvider, 'name' | 'keys'> {
  readonly source: KeySource;
}

/** Istio's RequestAuthentication. */
export interface TokenPolicyItem extends ItemBase, Attached {
  readonly kind: 'token-policy';
  readonly rules: readonly TokenRule[];
}

/** An external authorizer as MeshConfig names it (`envoyExtAuthzGrpc`, `envoyExtAuthzHttp`); where it is becomes a cluster. */
export interface ExternalAuthorizerSettings extends Omit<ExternalAuthorizer, 'cluster'> {
  /** `authz.foo.svc.cluster.local`, or `namespace/host`. */
  readonly host: string;
  readonly port: number;
}

/** SMI's HTTPRouteGroup and TCPRoute: names for kinds of traffic, to which splits and targets refer. */
export interface TrafficSpecItem extends ItemBase {
  readonly kind: 'traffic-spec';
  /** The kind of the resource, since groups of two kinds may have one name. */
  readonly specKind: 'HTTPRouteGroup' | 'TCPRoute' | 'UDPRoute';
  /** Of HTTPRouteGroup. */
  readonly matches: readonly TrafficSpecMatch[];
  /** Of TCPRoute and UDPRoute. Empty: all. */
  readonly ports: readonly number[];
}

/** All of it has to hold. */
export interface TrafficSpecMatch {
  readonly name: string;
  /** RE2, anchored at the beginning of the path only. */
  readonly pathRegex?: string;
  /** Empty: any. */
  readonly methods: readonly string[];
  readonly headers: readonly { readonly name: string; readonly regex: string }[];
  readonly origin: Origin;
}

/** A reference to (some matches of) a `TrafficSpecItem`, in the namespace of whoever refers. */
export interface TrafficSpecReference {
  readonly specKind: TrafficSpecItem['specKind'];
  readonly name: string;
  /** Names of matches. Absent: all. */
  readonly matches?: readonly string[];
  readonly origin: Origin;
}

export interface ServiceAccountReference {
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
}

/** SMI's TrafficTarget: what some identities may do at workloads of an identity. Whoever has one refuses everybody else. */
export interface TrafficTargetItem extends ItemBase {
  readonly kind: 'traffic-target';
  readonly destination: ServiceAccountReference;
  /** v1alpha2. Absent: all ports. */
  readonly port?: number;
  readonly sources: readonly ServiceAccountReference[];
  readonly rules: readonly TrafficSpecReference[];
}
