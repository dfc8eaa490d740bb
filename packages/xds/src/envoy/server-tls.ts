import { create } from '@bufbuild/protobuf';
import type { ServerTls, TlsCredential, TlsVersion } from '@meshwise/model';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type CertificateValidationContext,
  CertificateValidationContextSchema,
  TlsParameters_TlsProtocol as Protocol,
  SubjectAltNameMatcher_SanType as SanType,
  type SubjectAltNameMatcher,
  SubjectAltNameMatcherSchema,
  TlsParametersSchema,
} from '../../gen/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import {
  CommonTlsContextSchema,
  DownstreamTlsContextSchema,
} from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { packed } from './packing.ts';
import { ADS } from './resource.ts';

const VERSIONS: Readonly<Record<TlsVersion, Protocol>> = {
  '1.0': Protocol.TLSv1_0,
  '1.1': Protocol.TLSv1_1,
  '1.2': Protocol.TLSv1_2,
  '1.3': Protocol.TLSv1_3,
};

/** Names of all kinds count, as with Istio, which does not say of which kind `subjectAltNames` are. */
const NAME_KINDS = [SanType.URI, SanType.DNS, SanType.EMAIL, SanType.IP_ADDRESS] as const;

/** Offered to clients of HTTP (RFC 7301; RFC 9113, 3.2). */
const HTTP_ALPN = ['h2', 'http/1.1'];

/** SDS names, as in Istio: `kubernetes://name`, and for files `file-cert:chain~key`. */
export function certificateName(credential: TlsCredential): string {
  if (credential.kind === 'secret') return `kubernetes://${credential.name}`;
  return `file-cert:${credential.certificateChain ?? ''}~${credential.privateKey ?? ''}`;
}

/** The SDS name of the authorities whose client certificates are good: `kubernetes://name-cacert`, `file-root:path`. */
export function authorityName(credential: TlsCredential): string {
  if (credential.kind === 'secret') return `kubernetes://${credential.name}-cacert`;
  return `file-root:${credential.caCertificates ?? ''}`;
}

/** Who vouches for the certificates of clients; undefined when none are asked for. */
export function clientAuthority(tls: ServerTls): TlsCredential | undefined {
  if (tls.clientCertificate === 'none' || tls.isMesh === true) return undefined;
  return tls.clientAuthority ?? tls.credentials[0];
}

/** TLS that ends here, with certificates of the user's (Istio, ServerTLSSettings). They come by SDS, so that they can be exchanged without a listener noticing. */
export function serverTls(tls: ServerTls, inside: 'http' | 'tcp'): TransportSocket {
  const authority = clientAuthority(tls);
  const common = create(CommonTlsContextSchema, {
    tlsParams: create(TlsParametersSchema, {
      tlsMinimumProtocolVersion: VERSIONS[tls.minVersion ?? '1.2'],
      tlsMaximumProtocolVersion: VERSIONS[tls.maxVersion ?? '1.3'],
      cipherSuites: [...(tls.cipherSuites ?? [])],
    }),
    alpnProtocols: inside === 'http' ? HTTP_ALPN : [],
    tlsCertificateSdsSecretConfigs: tls.credentials.map((credential) => ({
      name: certificateName(credential),
      sdsConfig: ADS,
    })),
    ...(authority === undefined
      ? {}
      : {
          validationContextType: {
            case: 'combinedValidationContext' as const,
            value: {
              defaultValidationContext: validation(tls),
              validationContextSdsSecretConfig: { name: authorityName(authority), sdsConfig: ADS },
            },
          },
        }),
  });
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.tls',
    configType: {
      case: 'typedConfig',
      value: packed(DownstreamTlsContextSchema, {
        commonTlsContext: common,
        requireClientCertificate: tls.clientCertificate === 'mutual',
      }),
    },
  });
}

function validation(tls: ServerTls): CertificateValidationContext {
  return create(CertificateValidationContextSchema, {
    matchTypedSubjectAltNames: anyNameMatchers(tls.subjectAltNames ?? []),
    verifyCertificateSpki: [...(tls.verifyCertificateSpki ?? [])],
    verifyCertificateHash: [...(tls.verifyCertificateHash ?? [])],
  });
}

/** A certificate needs one of the names, of whatever kind. */
export function anyNameMatchers(names: readonly string[]): SubjectAltNameMatcher[] {
  return names.flatMap((value) =>
    NAME_KINDS.map((sanType) =>
      create(SubjectAltNameMatcherSchema, { sanType, matcher: { matchPattern: { case: 'exact', value } } }),
    ),
  );
}
