import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Signatures of tokens that mean something (RFC 7518, 3.1). */
export type Algorithm = 'RS256' | 'ES256';

export type Claims = Readonly<Record<string, unknown>>;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with whatever is to be in it, right or wrong (RFC 7515, 3.1); without `signature` its last part is empty. */
export function tokenOf(header: Claims, claims: Claims, signature = Buffer.alloc(0)): string {
  return `${encode(header)}.${encode(claims)}.${signature.toString('base64url')}`;
}

/** An issuer of tokens with a key of its own. */
export class TokenIssuer {
  readonly issuer: string;
  readonly #algorithm: Algorithm;
  readonly #keyId: string;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  constructor(issuer: string, options: { readonly algorithm?: Algorithm; readonly keyId?: string } = {}) {
    const { algorithm = 'ES256', keyId = 'one' } = options;
    const pair =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    [this.issuer, this.#algorithm, this.#keyId] = [issuer, algorithm, keyId];
    [this.#privateKey, this.#publicKey] = [pair.privateKey, pair.publicKey];
  }

  /** The public keys, as text (RFC 7517); of this issuer and whoever signs for it as well. */
  keys(...others: readonly TokenIssuer[]): string {
    return JSON.stringify({ keys: [this, ...others].map((issuer) => issuer.#jwk()) });
  }

  /** A good token for an hour, unless claims or header say otherwise; `undefined` takes a claim away. */
  token(claims: Claims = {}, header: Claims = {}): string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const all = { iss: this.issuer, sub: 'somebody', iat: nowSeconds, exp: nowSeconds + 3600, ...claims };
    const parts = tokenOf({ alg: this.#algorithm, typ: 'JWT', kid: this.#keyId, ...header }, all);
    return this.signed(parts.slice(0, -1));
  }

  /** Signs a header and a payload as they are. */
  signed(headerAndPayload: string): string {
    const key = { key: this.#privateKey, dsaEncoding: 'ieee-p1363' as const };
    return `${headerAndPayload}.${sign('sha256', Buffer.from(headerAndPayload), key).toString('base64url')}`;
  }

  #jwk(): Claims {
    const jwk = this.#publicKey.export({ format: 'jwk' });
    return { ...jwk, kid: this.#keyId, alg: this.#algorithm, use: 'sig' };
  }
}
