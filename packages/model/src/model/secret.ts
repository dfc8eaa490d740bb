import type { ItemBase } from './item.ts';

/** A Secret with certificates (types kubernetes.io/tls and Istio's generic keys). Never shown, logged or put into messages. */
export interface SecretItem extends ItemBase {
  readonly kind: 'secret';
  readonly certificateChainPem?: string;
  readonly privateKeyPem?: string;
  readonly trustedCaPem?: string;
  readonly crlPem?: string;
}
