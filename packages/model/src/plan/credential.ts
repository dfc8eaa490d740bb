/** Where a proxy finds certificates: files it can read, or a Secret that comes by SDS. */
export type TlsCredential =
  | {
      readonly kind: 'files';
      readonly certificateChain?: string;
      readonly privateKey?: string;
      readonly caCertificates?: string;
      readonly crl?: string;
    }
  /** `credentialName`; SDS names as in Istio: `kubernetes://<name>` and `kubernetes://<name>-cacert`. */
  | { readonly kind: 'secret'; readonly namespace: string; readonly name: string };

/** Material for one SDS secret of a proxy. Never shown, logged or put into messages. */
export interface SecretPlan {
  /** The SDS name. */
  readonly name: string;
  readonly keyPair?: { readonly certificateChainPem: string; readonly privateKeyPem: string };
  readonly trustedCaPem?: string;
  readonly crlPem?: string;
}

export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3';
