import { create } from '@bufbuild/protobuf';
import type { OutboundPlan, TlsCredential, UpstreamTls } from '@meshwise/model';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  CertificateValidationContextSchema,
  TlsParameters_TlsProtocol as Protocol,
  TlsParametersSchema,
} from '../../gen/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import {
  CommonTlsContextSchema,
  UpstreamTlsContextSchema,
} from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { memoise } from './memoise.ts';
import { packed } from './packing.ts';
import { ADS, type EnvoyResource } from './resource.ts';
import { fileSecrets, plannedSecret } from './secrets.ts';
import { anyNameMatchers, authorityName, certificateName } from './server-tls.ts';
import { systemAuthorities } from './system-authorities.ts';
import type { Transport } from './tls.ts';

type CustomTls = Extract<UpstreamTls, { readonly mode: 'custom' }>;
type Files = Extract<TlsCredential, { readonly kind: 'files' }>;

/**
 * The client side of TLS with certificates of the user's (Istio, ClientTLSSettings SIMPLE and MUTUAL). They come by SDS,
 * so that they can be exchanged without a cluster, and its connections, noticing.
 */
export function clientTls(tls: CustomTls, transport: Transport): TransportSocket {
  const { credential } = tls;
  const presented = tls.presentsCertificate && credential !== undefined ? [certificateName(credential)] : [];
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.tls',
    configType: {
      case: 'typedConfig',
      value: packed(UpstreamTlsContextSchema, {
        sni: tls.serverName ?? '',
        commonTlsContext: create(CommonTlsContextSchema, {
          // Both ends of the range: as a client Envoy stops at TLS 1.2 unless told otherwise.
          tlsParams: create(TlsParametersSchema, {
            tlsMinimumProtocolVersion: Protocol.TLSv1_2,
            tlsMaximumProtocolVersion: Protocol.TLSv1_3,
          }),
          alpnProtocols: transport === 'http2' ? ['h2'] : [],
          tlsCertificateSdsSecretConfigs: presented.map((name) => ({ name, sdsConfig: ADS })),
          ...(tls.verifiesServer ? { validationContextType: verification(tls) } : {}),
        }),
      }),
    },
  });
}

function verification({ credential, subjectAltNames }: CustomTls) {
  const crl = credential?.kind === 'files' ? credential.crl : undefined;
  const name = credential?.kind === 'secret' ? authorityName(credential) : authorityName(authorityFiles(credential));
  return {
    case: 'combinedValidationContext' as const,
    value: {
      defaultValidationContext: create(CertificateValidationContextSchema, {
        matchTypedSubjectAltNames: anyNameMatchers(subjectAltNames),
        // Beside the names: the authorities may be those of other clusters too, which do not look at this list.
        ...(crl === undefined ? {} : { crl: { specifier: { case: 'filename', value: crl } } }),
      }),
      validationContextSdsSecretConfig: { name, sdsConfig: ADS },
    },
  };
}

/** Without authorities of its own a client trusts those of the operating system. */
function authorityFiles(credential: Files | undefined): Files {
  return { kind: 'files', caCertificates: credential?.caCertificates ?? systemAuthorities() };
}

/** Everything that the clusters of a plan ask for by SDS, besides the proxy's own identity. */
export const clientSecrets = memoise((plan: OutboundPlan): readonly EnvoyResource[] => {
  const found = new Map<string, EnvoyResource>();
  const ofFiles = secretsOfClusters(plan.clusters);
  for (const secret of [...(plan.secrets ?? []).flatMap(plannedSecret), ...ofFiles]) found.set(secret.name, secret);
  return [...found.values()];
});

const secretsOfClusters = memoise((clusters: OutboundPlan['clusters']): readonly EnvoyResource[] => {
  const found = new Map<string, EnvoyResource>();
  for (const { tls } of clusters) {
    if (tls.mode !== 'custom' || tls.credential?.kind === 'secret') continue;
    const { credential } = tls;
    const files = [
      ...(credential === undefined ? [] : [withoutAuthority(credential)]),
      ...(tls.verifiesServer ? [authorityFiles(credential)] : []),
    ];
    for (const secret of files.flatMap(fileSecrets)) found.set(secret.name, secret);
  }
  return [...found.values()];
});

function withoutAuthority({ certificateChain, privateKey }: Files): Files {
  const pair = certificateChain === undefined || privateKey === undefined ? {} : { certificateChain, privateKey };
  return { kind: 'files', ...pair };
}
