import { create } from '@bufbuild/protobuf';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { RawBufferSchema } from '../../gen/envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer_pb.js';
import {
  CertificateValidationContextSchema,
  TlsParameters_TlsProtocol as Protocol,
  SubjectAltNameMatcher_SanType as SanType,
  type SubjectAltNameMatcher,
  SubjectAltNameMatcherSchema,
  TlsParametersSchema,
} from '../../gen/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import {
  type CommonTlsContext,
  CommonTlsContext_CombinedCertificateValidationContextSchema,
  CommonTlsContextSchema,
  DownstreamTlsContextSchema,
  UpstreamTlsContextSchema,
} from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { packed } from './packing.ts';
import { ADS } from './resource.ts';

/** Names of the two secrets every proxy with an identity asks for, as in Istio. */
export const IDENTITY_SECRET = 'default';
export const ROOT_SECRET = 'ROOTCA';

/** How the inbound side tells a sidecar's TLS from the program's own, before the handshake. */
export const MESH_ALPN = 'istio';

/** How a client says that it speaks HTTP, for servers of which the protocol is not declared. */
export const MESH_HTTP_ALPN = 'istio-http';

/** `detected`: HTTP/1.1 or HTTP/2, as the program speaks; bytes there offer `MESH_ALPN` alone (see `OFFERS_BYTES`). */
export type Transport = 'http' | 'http2' | 'tcp' | 'detected';

/** Offered after the mesh's own, so that the server can choose HTTP/2 without guessing from the first bytes. */
const CLIENT_ALPN: Readonly<Record<Transport, readonly string[]>> = {
  http: [MESH_HTTP_ALPN, MESH_ALPN, 'http/1.1'],
  http2: [MESH_HTTP_ALPN, MESH_ALPN, 'h2'],
  tcp: [MESH_ALPN],
  detected: [MESH_HTTP_ALPN, MESH_ALPN],
};
const SERVER_ALPN: Readonly<Record<'http' | 'tcp', readonly string[]>> = { http: ['h2', 'http/1.1'], tcp: [MESH_ALPN] };

/**
 * No server has this name, so a cluster without known identities trusts nobody. An empty list would mean the opposite:
 * anybody with a certificate of this mesh.
 */
const NOBODY = 'spiffe:///';

/** The client side of mutual TLS: the server must present exactly one of the SPIFFE ids. */
export function upstreamTls(
  tls: { readonly subjectAltNames: readonly string[]; readonly serverName: string },
  transport: Transport,
): TransportSocket {
  const names = tls.subjectAltNames.length === 0 ? [NOBODY] : tls.subjectAltNames;
  const matchers = names.map((value) => uriMatcher({ case: 'exact', value }));
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.tls',
    configType: {
      case: 'typedConfig',
      value: packed(UpstreamTlsContextSchema, {
        sni: tls.serverName,
        commonTlsContext: commonContext(matchers, CLIENT_ALPN[transport]),
      }),
    },
  });
}

/** The server side: a client needs a certificate of this trust domain; who may do what is for authorization. */
export function downstreamTls(trustDomain: string, transport: 'http' | 'tcp'): TransportSocket {
  const matchers = [uriMatcher({ case: 'prefix', value: `spiffe://${trustDomain}/` })];
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.tls',
    configType: {
      case: 'typedConfig',
      value: packed(DownstreamTlsContextSchema, {
        requireClientCertificate: true,
        commonTlsContext: commonContext(matchers, SERVER_ALPN[transport]),
      }),
    },
  });
}

export function plainSocket(): TransportSocket {
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.raw_buffer',
    configType: { case: 'typedConfig', value: packed(RawBufferSchema, {}) },
  });
}

function commonContext(matchers: SubjectAltNameMatcher[], alpn: readonly string[]): CommonTlsContext {
  return create(CommonTlsContextSchema, {
    // Both ends of the range: as a client Envoy stops at TLS 1.2 unless told otherwise.
    tlsParams: create(TlsParametersSchema, {
      tlsMinimumProtocolVersion: Protocol.TLSv1_2,
      tlsMaximumProtocolVersion: Protocol.TLSv1_3,
    }),
    alpnProtocols: [...alpn],
    tlsCertificateSdsSecretConfigs: [{ name: IDENTITY_SECRET, sdsConfig: ADS }],
    validationContextType: {
      case: 'combinedValidationContext',
      value: create(CommonTlsContext_CombinedCertificateValidationContextSchema, {
        defaultValidationContext: create(CertificateValidationContextSchema, { matchTypedSubjectAltNames: matchers }),
        validationContextSdsSecretConfig: { name: ROOT_SECRET, sdsConfig: ADS },
      }),
    },
  });
}

function uriMatcher(matchPattern: { case: 'exact' | 'prefix'; value: string }): SubjectAltNameMatcher {
  return create(SubjectAltNameMatcherSchema, { sanType: SanType.URI, matcher: { matchPattern } });
}
