import type { Origin } from '../provenance.ts';
import type { ServedWorkload } from '../proxy.ts';
import type { ConnectionPool, Protocol } from './cluster.ts';
import type { TlsCredential, TlsVersion } from './credential.ts';
import type { GlobalRateLimit, LocalRateLimit } from './limits.ts';
import type { PatchPlan } from './patch.ts';
import type { PathNormalization } from './path-normalization.ts';
import type { SecurityPlan } from './security.ts';
import type { TelemetryPlan } from './telemetry.ts';

export type MutualTlsMode = 'strict' | 'permissive' | 'disable';

export interface InboundPortPlan {
  readonly port: number;
  readonly protocol: Protocol;
  readonly mutualTls: MutualTlsMode;
  /** `inbound|9080||`. */
  readonly cluster: string;
  /** The host of the service this port belongs to, for statistics; absent when no service selects it. */
  readonly serviceHost?: string;
  /** Where the program listens when not on the same port of its own address (Sidecar `ingress[].defaultEndpoint`). */
  readonly endpoint?: { readonly address: string; readonly port: number } | { readonly socketPath: string };
  /** TLS that ends here instead of the mesh's own (Sidecar `ingress[].tls`). */
  readonly tls?: ServerTls;
  /** Limits towards the program: Sidecar `inboundConnectionPool`, and bulkheads of TrafficPolicies. */
  readonly connectionPool?: ConnectionPool;
  readonly localRateLimit?: LocalRateLimit;
  readonly globalRateLimits?: readonly GlobalRateLimit[];
  readonly origin: Origin;
}

export interface InboundPlan {
  readonly workload: ServedWorkload;
  readonly ports: readonly InboundPortPlan[];
  readonly telemetry?: TelemetryPlan;
  /** Of all ports; what looks at requests is no matter on ports that carry none. */
  readonly security?: SecurityPlan;
  readonly pathNormalization?: PathNormalization;
  /** For the listeners and clusters of this workload, in order. */
  readonly patches?: readonly PatchPlan[];
}

/** The server side of TLS with certificates of the user's. */
export interface ServerTls {
  readonly credentials: readonly TlsCredential[];
  /** `mutual`: a client certificate is required; `optional`: verified when there is one. */
  readonly clientCertificate: 'none' | 'optional' | 'mutual';
  /** Whom client certificates must come from, when no credential says it (Istio's `caCertCredentialName`). */
  readonly clientAuthority?: TlsCredential;
  /** Mesh identities both ways (ISTIO_MUTUAL) instead of `credentials`. */
  readonly isMesh?: boolean;
  readonly subjectAltNames?: readonly string[];
  readonly verifyCertificateSpki?: readonly string[];
  readonly verifyCertificateHash?: readonly string[];
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  readonly cipherSuites?: readonly string[];
}
