/** SQLSTATE (PostgreSQL's Appendix A), and what the system and TLS say when there is no connection. */
const REASONS: Readonly<Record<string, string>> = {
  '28000': 'the user may not log in',
  '28P01': 'the password is wrong or missing',
  '3D000': 'there is no such database',
  '25006': 'it is read-only',
  '42501': 'the user lacks a permission',
  '53100': 'its disk is full',
  '53300': 'it has too many connections',
  '57P01': 'it was shut down',
  '57P02': 'it has crashed',
  '57P03': 'it is starting or shutting down',
  XX001: 'its data is damaged',
  XX002: 'its index is damaged',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved',
  ENOENT: 'there is no such socket',
  EACCES: 'there is no permission to use the socket',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

const FOREIGN_KEY_VIOLATION = '23503';

/** What the driver reports by its message only. */
const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/does not support SSL/, 'it does not offer TLS, which the URL asks for'],
  [/password must be a (non-empty )?string/, 'the password is wrong or missing'],
  [/Connection terminated/, 'the connection was lost'],
  [/timeout/i, 'it does not answer'],
];

/** Why PostgreSQL cannot be used, in words; undefined when that is not known. */
export function postgresReason(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const known = 'code' in error ? REASONS[String(error.code)] : undefined;
  return known ?? MESSAGES.find(([pattern]) => pattern.test(error.message))?.[1];
}

export function breaksReference(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION;
}
