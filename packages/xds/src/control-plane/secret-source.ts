import type { Identity } from '@meshwise/model';
import type { Trust } from '../envoy/secrets.ts';

/** What the control plane needs to know of certificates. The platform's registry of issued certificates is one. */
export interface SecretSource {
  /** Says that a proxy needs this identity; each `want` is followed by a `release` when the proxy goes. */
  want(identity: Identity): void;
  release(identity: Identity): void;
  /** The certificate to hand out now; undefined until there is one. */
  get(identity: Identity): IssuedSecret | undefined;
  /** The authorities to trust, with what they have revoked. */
  roots(): Trust;
  /** Called after the certificate of an identity, or the roots, changed. The returned function ends it. */
  onChange(callback: () => void): () => void;
}

export interface IssuedSecret {
  /** Leaf first. */
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
  readonly notAfterMs: number;
}
