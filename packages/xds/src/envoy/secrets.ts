import { dirname } from 'node:path';
import { create } from '@bufbuild/protobuf';
import type { SecretPlan, TlsCredential } from '@meshwise/model';
import { type Secret, SecretSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { memoise } from './memoise.ts';
import type { EnvoyResource } from './resource.ts';
import { authorityName, certificateName } from './server-tls.ts';
import { IDENTITY_SECRET, ROOT_SECRET } from './tls.ts';

/** A workload's certificate with its key. */
export interface KeyPair {
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
}

export function identitySecret(pair: KeyPair): EnvoyResource {
  return secret(IDENTITY_SECRET, certificateOf(pair));
}

/** Whom the mesh's proxies trust. */
export interface Trust {
  /** PEM of the trusted roots. */
  readonly caPem: string;
  /** PEM of the revocation lists of all who sign for workloads; absent while nothing is revoked. */
  readonly crlPem?: string;
}

/**
 * Lists are asked for by leaf certificates alone: Envoy would otherwise want one of each root as well, and refuse
 * everybody without it.
 */
export function rootSecret({ caPem, crlPem }: Trust): EnvoyResource {
  const lists = crlPem === undefined ? {} : { crl: inline(crlPem), onlyVerifyLeafCertCrl: true };
  return secret(ROOT_SECRET, { case: 'validationContext', value: { trustedCa: inline(caPem), ...lists } });
}

/** What a plan gives to one proxy: a key pair, or authorities. */
export const plannedSecret = memoise(({ name, keyPair, trustedCaPem, crlPem }: SecretPlan): EnvoyResource[] => {
  if (keyPair !== undefined) return [secret(name, certificateOf(keyPair))];
  if (trustedCaPem === undefined) return [];
  const crl = crlPem === undefined ? {} : { crl: inline(crlPem) };
  return [secret(name, { case: 'validationContext', value: { trustedCa: inline(trustedCaPem), ...crl } })];
});

type Files = Extract<TlsCredential, { readonly kind: 'files' }>;

/**
 * Certificates that the proxy reads from files itself, and reads again when something is moved into their folder, which
 * is how files are exchanged as a whole.
 */
export const fileSecrets = memoise((files: Files): EnvoyResource[] => {
  const { certificateChain, privateKey, caCertificates, crl } = files;
  const secrets: EnvoyResource[] = [];
  if (certificateChain !== undefined && privateKey !== undefined) {
    secrets.push(
      secret(certificateName(files), {
        case: 'tlsCertificate',
        value: {
          certificateChain: file(certificateChain),
          privateKey: file(privateKey),
          watchedDirectory: { path: dirname(certificateChain) },
        },
      }),
    );
  }
  if (caCertificates !== undefined) {
    secrets.push(
      secret(authorityName(files), {
        case: 'validationContext',
        value: {
          trustedCa: file(caCertificates),
          watchedDirectory: { path: dirname(caCertificates) },
          ...(crl === undefined ? {} : { crl: file(crl) }),
        },
      }),
    );
  }
  return secrets;
});

type SecretType = NonNullable<Parameters<typeof create<typeof SecretSchema>>[1]>['type'];

function secret(name: string, type: SecretType): EnvoyResource {
  const message: Secret = create(SecretSchema, { name, ...(type === undefined ? {} : { type }) });
  return { type: 'SDS', name, message };
}

function certificateOf({ certificateChainPem, privateKeyPem }: KeyPair) {
  const value = { certificateChain: inline(certificateChainPem), privateKey: inline(privateKeyPem) };
  return { case: 'tlsCertificate' as const, value };
}

function inline(pem: string) {
  // As bytes, which Envoy's own config_dump redacts.
  return { specifier: { case: 'inlineBytes' as const, value: new TextEncoder().encode(pem) } };
}

function file(path: string) {
  return { specifier: { case: 'filename' as const, value: path } };
}
