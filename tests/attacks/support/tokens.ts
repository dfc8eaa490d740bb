import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export const ISSUER = 'https://issuer.example.com';
export const AUDIENCE = 'ledger.example.com';

/** A key of an issuer, by RSA as most of them have. */
export class TokenKey {
  readonly id: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(id: string) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.id = id;
    this.#private = privateKey;
    this.#public = publicKey;
  }

  /** Public, as it stands in a key set (RFC 7517). */
  get jwk(): object {
    return { ...this.#public.export({ format: 'jwk' }), kid: this.id, alg: 'RS256', use: 'sig' };
  }

  get publicPem(): string {
    return this.#public.export({ type: 'spki', format: 'pem' }).toString();
  }

  signed(claims: object, header: object = {}): string {
    const text = unsigned({ alg: 'RS256', typ: 'JWT', kid: this.id, ...header }, claims);
    return `${text}.${sign('sha256', Buffer.from(text), this.#private).toString('base64url')}`;
  }
}

export function keySetOf(...keys: readonly TokenKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

/** Claims of a token that is good, with changes; `undefined` takes one away. */
export function claims(changes: object = {}): object {
  const nowS = Math.floor(Date.now() / 1_000);
  return { iss: ISSUER, sub: 'ann', aud: AUDIENCE, iat: nowS - 60, nbf: nowS - 60, exp: nowS + 600, ...changes };
}

/** What must never count: no signature at all (CVE-2015-9235 and its kind). */
export function withoutSignature(payload: object, alg = 'none'): string {
  return `${unsigned({ alg, typ: 'JWT' }, payload)}.`;
}

/** Signed symmetrically, with the public key as the secret that everybody knows. */
export function withPublicKeyAsSecret(key: TokenKey, payload: object): string {
  const text = unsigned({ alg: 'HS256', typ: 'JWT', kid: key.id }, payload);
  return `${text}.${createHmac('sha256', key.publicPem).update(text).digest('base64url')}`;
}

/** Another payload under a signature that is good for the first one. */
export function withPayload(token: string, payload: object): string {
  const [header = '', , signature = ''] = token.split('.');
  return `${header}.${encoded(payload)}.${signature}`;
}

function unsigned(header: object, payload: object): string {
  return `${encoded(header)}.${encoded(payload)}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
