import type { ErrorKind } from '../result/interval.ts';

/** Why something did not come about: the kind for counting, the message for people. */
export interface Failure {
  readonly kind: ErrorKind;
  readonly message: string;
}

/** How far a connection had come when it failed; the same code means different things. */
export type ConnectionPhase = 'connecting' | 'handshake' | 'open';

const TLS_WORDS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the server’s certificate is signed by itself, and not by an authority that is trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the server’s certificate comes from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'the server did not send the whole chain of its certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the server’s certificate comes from an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server’s certificate comes from an authority that is not trusted',
  CERT_HAS_EXPIRED: 'the server’s certificate has expired',
  CERT_NOT_YET_VALID: 'the server’s certificate is not valid yet',
  CERT_REVOKED: 'the server’s certificate was revoked',
  INVALID_PURPOSE: 'the server’s certificate is not meant for servers',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS on this port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak TLS on this port',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the server asks for a client certificate, and none was given',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the server does not trust the authority of the client certificate',
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: 'the server could not verify the client certificate',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the server speaks no version of TLS that is offered',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'the server refused the handshake: no cipher in common, or a client certificate is missing',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'the server does not know the name it was asked for',
};

/** The failure that an error of a socket is. */
export function failureOf(error: unknown, phase: ConnectionPhase): Failure {
  const { code, message } = summary(error);
  if (isOfTls(code)) return { kind: 'tls', message: TLS_WORDS[code] ?? tlsMessage(message) };
  if (phase === 'handshake') return { kind: 'tls', message: `the connection ended in the handshake (${message})` };
  if (phase === 'open') return ofOpenConnection(code, message);
  if (code === 'ENOTFOUND') return { kind: 'dns', message: 'the name is not known' };
  if (code.startsWith('EAI_')) return { kind: 'dns', message: `the name could not be resolved (${code})` };
  if (code === 'ECONNREFUSED') return { kind: 'connect-refused', message: 'nothing listens there' };
  if (code === 'ETIMEDOUT') return { kind: 'connect-timeout', message: 'the connection was not accepted in time' };
  return { kind: 'connect-failed', message };
}

function ofOpenConnection(code: string, message: string): Failure {
  if (code === 'ECONNRESET') return { kind: 'reset', message: 'the server reset the connection' };
  if (code === 'EPIPE') return { kind: 'closed', message: 'the server had closed the connection' };
  return { kind: 'other', message };
}

/** Of several attempts (one for each address of a name) Node gives the sum; what matters is why each of them failed. */
function summary(error: unknown): { readonly code: string; readonly message: string } {
  const first = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return { code, message: first instanceof Error ? first.message : String(first) };
}

function isOfTls(code: string): boolean {
  return code in TLS_WORDS || /^(ERR_SSL_|ERR_TLS_|EPROTO$|CERT_|CRL_|UNABLE_TO_)/.test(code);
}

/** OpenSSL's errors are made of colons: the reason is one of them, and the rest is addresses and file names. */
function tlsMessage(message: string): string {
  return /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+)/i.exec(message)?.[1] ?? message;
}
