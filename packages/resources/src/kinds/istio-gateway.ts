import { Type } from 'typebox';
import { SelectorMap } from './meta.ts';
import { allOptional, opt, type TypeOf, text } from './schema.ts';

const TlsVersion = Type.Enum(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']);

export const ServerTlsSchema = allOptional({
  mode: Type.Enum(['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']),
  httpsRedirect: Type.Boolean(),
  serverCertificate: Type.String(),
  privateKey: Type.String(),
  caCertificates: Type.String(),
  caCrl: Type.String(),
  credentialName: Type.String(),
  credentialNames: Type.Array(Type.String()),
  caCertCredentialName: Type.String(),
  tlsCertificates: Type.Array(
    allOptional({ serverCertificate: Type.String(), privateKey: Type.String(), caCertificates: Type.String() }),
  ),
  subjectAltNames: Type.Array(Type.String()),
  verifyCertificateSpki: Type.Array(Type.String()),
  verifyCertificateHash: Type.Array(Type.String()),
  minProtocolVersion: TlsVersion,
  maxProtocolVersion: TlsVersion,
  cipherSuites: Type.Array(Type.String()),
});

const ServerPort = Type.Object({
  number: Type.Integer({ minimum: 0, maximum: 65535 }),
  protocol: Type.String({ minLength: 1 }),
  name: Type.String({ minLength: 1 }),
  targetPort: opt(Type.Integer({ minimum: 0, maximum: 65535 })),
});

const ServerSchema = Type.Object({
  port: ServerPort,
  hosts: Type.Array(text('istio-host')),
  bind: opt(Type.String()),
  tls: opt(ServerTlsSchema),
  defaultEndpoint: opt(Type.String()),
  name: opt(Type.String()),
});
export type GatewayServer = TypeOf<typeof ServerSchema>;

/** networking.istio.io Gateway. */
export const GatewaySpecSchema = allOptional({ servers: Type.Array(ServerSchema), selector: SelectorMap });
export type GatewaySpec = TypeOf<typeof GatewaySpecSchema>;
