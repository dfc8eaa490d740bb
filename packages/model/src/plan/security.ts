import type { Origin } from '../provenance.ts';

/** How a text has to look. Regular expressions are RE2 and match the whole value. */
export type TextMatch =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly regex: string }
  | { readonly present: true };

/** A path may also be a template of segments: `{*}` is one of them, `{**}` any number (Istio, AuthorizationPolicy `paths`). */
export type PathMatch = TextMatch | { readonly template: string };

/** It holds when one of `anyOf` does (empty: any value, also none) and none of `noneOf`. */
interface Alternatives<T> {
  readonly anyOf: readonly T[];
  readonly noneOf: readonly T[];
}

/**
 * Something that a server knows of a request or connection.
 *
 * - `principal`: identity of the client without its scheme, `cluster.local/ns/default/sa/productpage`; absent for a client
 *   without mutual TLS. `namespace` and `service-account` (`default/productpage`) are parts of it.
 * - `request-principal`: `issuer/subject` of a verified token; `audience`, `presenter` (`azp`) and `claim` are parts of it.
 * - `source-ip`: of the connection; `remote-ip`: of the original client, from `X-Forwarded-For` or PROXY protocol.
 * - `destination-port`: where the program listens; `server-name`: of the TLS handshake.
 */
export type Condition =
  | ({
      readonly of:
        | 'principal'
        | 'namespace'
        | 'service-account'
        | 'request-principal'
        | 'audience'
        | 'presenter'
        | 'host'
        | 'method'
        | 'server-name';
    } & Alternatives<TextMatch>)
  | ({ readonly of: 'path' } & Alternatives<PathMatch>)
  | ({ readonly of: 'header'; readonly name: string } & Alternatives<TextMatch>)
  /** Nested claims by the names on the way; a claim that is a list holds when one of its members does. */
  | ({ readonly of: 'claim'; readonly path: readonly string[] } & Alternatives<TextMatch>)
  /** CIDR. */
  | ({ readonly of: 'source-ip' | 'remote-ip' | 'destination-ip' } & Alternatives<string>)
  | ({ readonly of: 'destination-port' } & Alternatives<number>)
  /** Dynamic metadata of a filter of the proxy (Istio's `experimental.envoy.filters.*`); a list holds when one of its members does. */
  | ({ readonly of: 'metadata'; readonly filter: string; readonly path: readonly string[] } & Alternatives<TextMatch>);

/** Holds when one of `from`, one of `to` and all of `when` hold; an empty `from` or `to` asks for nothing. */
export interface AuthorizationRule {
  /** Alternatives; of each, all conditions have to hold. */
  readonly from: readonly (readonly Condition[])[];
  readonly to: readonly (readonly Condition[])[];
  readonly when: readonly Condition[];
  readonly origin: Origin;
}

/** Holds when one of its rules does. Without rules it never does. */
export interface AuthorizationPolicyPlan {
  /** `namespace/name`, preceded by the kind where that is not AuthorizationPolicy. */
  readonly name: string;
  readonly rules: readonly AuthorizationRule[];
  /** Only counted, and shown in logs (Istio's annotation `istio.io/dry-run`). */
  readonly isDryRun?: boolean;
  readonly origin: Origin;
}

/** Who is asked about requests (Envoy's ext_authz): MeshConfig `extensionProviders`. */
export interface ExternalAuthorizer {
  readonly name: string;
  /** Of the outbound plan. */
  readonly cluster: string;
  readonly protocol: 'grpc' | 'http';
  /** Unset: 600 s, as Istio documents. */
  readonly timeoutMs?: number;
  /** Requests pass when nobody answers. Unset: they are refused. */
  readonly failOpen?: boolean;
  /** Status when nobody answers. Unset: 403. */
  readonly statusOnError?: number;
  readonly clearsRouteCache?: boolean;
  readonly requestBody?: {
    readonly maxBytes: number;
    readonly allowsPartial?: boolean;
    readonly packsAsBytes?: boolean;
  };
  /** Of HTTP: before the path of the request. */
  readonly pathPrefix?: string;
  readonly includedRequestHeaders?: readonly TextMatch[];
  readonly addedCheckHeaders?: Readonly<Record<string, string>>;
  readonly upstreamHeadersOnAllow?: readonly TextMatch[];
  readonly downstreamHeadersOnAllow?: readonly TextMatch[];
  readonly downstreamHeadersOnDeny?: readonly TextMatch[];
}

/**
 * Who may do what at a server, in the order in which it is asked (Istio, AuthorizationPolicy): whoever an external
 * authorizer refuses, or a policy of `deny` matches, is refused; where a set of `allow` has policies, one of them has to match.
 */
export interface AuthorizationPlan {
  readonly external?: {
    readonly authorizer: ExternalAuthorizer;
    /** It is asked about requests that match one of these. */
    readonly policies: readonly AuthorizationPolicyPlan[];
  };
  readonly deny: readonly AuthorizationPolicyPlan[];
  /** One set for each dialect that says something; every set has to allow. Empty: everybody may. */
  readonly allow: readonly (readonly AuthorizationPolicyPlan[])[];
  /** Reported, never refused. */
  readonly audit: readonly AuthorizationPolicyPlan[];
}

/** Tokens of one issuer (JSON Web Tokens, RFC 7519). */
export interface TokenProvider {
  /** Unique within the proxy. */
  readonly name: string;
  /** Empty: any. */
  readonly issuer: string;
  /** One of them has to be in the token. Empty: any. */
  readonly audiences: readonly string[];
  /** JSON Web Key Set (RFC 7517) as text. Absent: not known (yet), and no token of the issuer is good. */
  readonly keys?: string;
  /** Where the token stands. All three empty: the header `Authorization: Bearer` and the parameter `access_token`. */
  readonly fromHeaders: readonly { readonly name: string; readonly prefix?: string }[];
  readonly fromParameters: readonly string[];
  readonly fromCookies: readonly string[];
  /** The token stays in the request. */
  readonly forwardsToken?: boolean;
  /** Header that carries the payload, in base64url. */
  readonly payloadHeader?: string;
  readonly claimHeaders: readonly { readonly header: string; readonly claim: string }[];
  /** Claims whose text is a list of words, besides `scope` and `permission`, which always are (OAuth 2.0; Istio). */
  readonly spaceDelimitedClaims?: readonly string[];
  readonly origin: Origin;
}

/**
 * Which tokens are good. A request with a bad token is refused with 401; one without any passes, and has no
 * `request-principal` (Istio, RequestAuthentication). Any one of the providers will do.
 */
export interface AuthenticationPlan {
  readonly providers: readonly TokenProvider[];
}

/** What is asked of whoever calls a workload or comes to a gateway. */
export interface SecurityPlan {
  readonly authentication?: AuthenticationPlan;
  readonly authorization?: AuthorizationPlan;
}
