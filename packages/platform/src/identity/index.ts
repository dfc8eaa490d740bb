export {
  CertificateAuthority,
  type CertificateAuthorityOptions,
  type IssuedCertificate,
} from './certificate-authority.ts';
export { certificateInspector } from './inspect-certificates.ts';
export { type CertificateSummary, readCertificates } from './read-certificates.ts';
export { type CertificateIssuer, SecretRegistry, type SecretRegistryOptions } from './secret-registry.ts';
export { checkTrustDomain, formatSpiffeId, parseSpiffeId, trustDomainId } from './spiffe-id.ts';
