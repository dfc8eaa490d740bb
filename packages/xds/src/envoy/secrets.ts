import { create } from '@bufbuild/protobuf';
import { SecretSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import type { EnvoyResource } from './resource.ts';
import { IDENTITY_SECRET, ROOT_SECRET } from './tls.ts';

/** A workload's certificate with its key. */
export interface KeyPair {
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
}

export function identitySecret(pair: KeyPair): EnvoyResource {
  const message = create(SecretSchema, {
    name: IDENTITY_SECRET,
    type: {
      case: 'tlsCertificate',
      value: { certificateChain: inline(pair.certificateChainPem), privateKey: inline(pair.privateKeyPem) },
    },
  });
  return { type: 'SDS', name: IDENTITY_SECRET, message };
}

export function rootSecret(caPem: string): EnvoyResource {
  const message = create(SecretSchema, {
    name: ROOT_SECRET,
    type: { case: 'validationContext', value: { trustedCa: inline(caPem) } },
  });
  return { type: 'SDS', name: ROOT_SECRET, message };
}

function inline(pem: string) {
  // As bytes, which Envoy's own config_dump redacts.
  return { specifier: { case: 'inlineBytes' as const, value: new TextEncoder().encode(pem) } };
}
