import Type from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Namespace = Type.Optional(Type.String({ maxLength: 253 }));

export const RotationPhase = Type.Union([Type.Literal('stable'), Type.Literal('introduced'), Type.Literal('switched')]);
export type RotationPhase = Type.Static<typeof RotationPhase>;

export const RotationStep = Type.Union([Type.Literal('introduce'), Type.Literal('switch'), Type.Literal('retire')]);
export type RotationStep = Type.Static<typeof RotationStep>;

/** A certificate that has not ended. */
export const CertificateView = Type.Object({
  /** Hexadecimal. */
  serialNumber: Type.String(),
  notBefore: Type.String(),
  notAfter: Type.String(),
  /** The beginning of the SHA-256 fingerprint of the root above it. */
  root: Type.String(),
  /** `export`: handed out for debugging. */
  use: Type.Union([Type.Literal('proxy'), Type.Literal('export')]),
  revoked: Type.Boolean(),
});
export type CertificateView = Type.Static<typeof CertificateView>;

export const IdentityView = Type.Object({
  spiffeId: Type.String(),
  /** What its proxies present now; null when there is none. */
  current: Nullable(CertificateView),
  /** `default/productpage-v1`; a gateway's own name. */
  workloads: Type.Array(Type.String()),
  /** It gets no certificate any more. */
  out: Type.Boolean(),
  /** Every one that was issued and has not ended, the newest first. */
  certificates: Type.Array(CertificateView),
});
export type IdentityView = Type.Static<typeof IdentityView>;

export const ListIdentitiesResponse = Type.Object({
  trustDomain: Type.String(),
  workloadLifetimeMs: Type.Number(),
  phase: RotationPhase,
  items: Type.Array(IdentityView),
});
export type ListIdentitiesResponse = Type.Static<typeof ListIdentitiesResponse>;

/** A SPIFFE id, a workload (deploy/NAME, a pod, a proxy), or the serial number of a certificate that has not ended. */
export const IdentityTarget = Type.Object({
  target: Type.String({ minLength: 1, maxLength: 2048 }),
  namespace: Namespace,
});
export type IdentityTarget = Type.Static<typeof IdentityTarget>;

export const IdentityResponse = Type.Object({
  identity: IdentityView,
  /** What its proxies present: leaf, then intermediate. Null when there is none. */
  certificateChainPem: Nullable(Type.String()),
  chain: Type.Array(
    Type.Object({
      subject: Type.String(),
      issuer: Type.String(),
      serialNumber: Type.String(),
      spiffeId: Nullable(Type.String()),
      notBefore: Type.String(),
      notAfter: Type.String(),
      isAuthority: Type.Boolean(),
    }),
  ),
  /** The trusted roots. */
  rootCertPem: Type.String(),
});
export type IdentityResponse = Type.Static<typeof IdentityResponse>;

export const WaitedFor = Type.Object({ proxy: Type.String(), reason: Type.String() });
export type WaitedFor = Type.Static<typeof WaitedFor>;

export const RevokeIdentityRequest = Type.Object({
  ...IdentityTarget.properties,
  /** No certificate follows: the workload is out. */
  forever: Type.Optional(Type.Boolean()),
});
export type RevokeIdentityRequest = Type.Static<typeof RevokeIdentityRequest>;

export const RevokeIdentityResponse = Type.Object({
  identity: IdentityView,
  /** Serial numbers that are on the list now and were not before. */
  revoked: Type.Array(Type.String()),
  /** Proxies that do not know of it yet; empty when everybody refuses the certificates. */
  waitingFor: Type.Array(WaitedFor),
});
export type RevokeIdentityResponse = Type.Static<typeof RevokeIdentityResponse>;

export const ExportIdentityResponse = Type.Object({
  spiffeId: Type.String(),
  serialNumber: Type.String(),
  notAfter: Type.String(),
  certificateChainPem: Type.String(),
  privateKeyPem: Type.String(),
  rootCertPem: Type.String(),
});
export type ExportIdentityResponse = Type.Static<typeof ExportIdentityResponse>;

export const RotateRootRequest = Type.Object({
  step: RotationStep,
  /** Also when proxies are not ready for it. */
  force: Type.Optional(Type.Boolean()),
});
export type RotateRootRequest = Type.Static<typeof RotateRootRequest>;

export const RotationView = Type.Object({
  phase: RotationPhase,
  /** The step that may follow. */
  next: RotationStep,
  roots: Type.Array(
    Type.Object({
      /** The beginning of its SHA-256 fingerprint. */
      id: Type.String(),
      role: Type.Union([Type.Literal('signing'), Type.Literal('introduced'), Type.Literal('former')]),
      subject: Type.String(),
      notBefore: Type.String(),
      notAfter: Type.String(),
      /** Identities whose proxies present a certificate of it now. */
      identities: Type.Integer(),
    }),
  ),
  /** Running proxies that are not ready for the next step, with the reason; empty when it may be taken. */
  waitingFor: Type.Array(WaitedFor),
  /** Attached processes that are not connected, of which nothing is known: nobody waits for them. */
  unreachable: Type.Array(Type.String()),
});
export type RotationView = Type.Static<typeof RotationView>;
