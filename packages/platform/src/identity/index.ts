export type { RotationPhase, RotationStep, TrustedRoot } from './authority-roots.ts';
export {
  CertificateAuthority,
  type CertificateAuthorityOptions,
  type IssuedCertificate,
} from './certificate-authority.ts';
export { certificateInspector } from './inspect-certificates.ts';
export type { IssuedRecord } from './issued-ledger.ts';
export { type CertificateSummary, readCertificates } from './read-certificates.ts';
export {
  type CertificateIssuer,
  type HeldIdentity,
  SecretRegistry,
  type SecretRegistryOptions,
} from './secret-registry.ts';
export { checkTrustDomain, formatSpiffeId, parseSpiffeId, trustDomainId } from './spiffe-id.ts';
export { sweepAuthority } from './sweep-authority.ts';
