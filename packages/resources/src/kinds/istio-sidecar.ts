import { Type } from 'typebox';
import { DestinationSchema } from './istio-common.ts';
import { ConnectionPoolSchema } from './istio-destination-rule.ts';
import { ServerTlsSchema } from './istio-gateway.ts';
import { allOptional, opt, StringMap, type TypeOf } from './schema.ts';

const SidecarPort = allOptional({
  /** 0 with a Unix socket. */
  number: Type.Integer({ minimum: 0, maximum: 65535 }),
  protocol: Type.String(),
  name: Type.String(),
  targetPort: Type.Integer({ minimum: 0, maximum: 65535 }),
});

const CaptureMode = Type.Enum(['DEFAULT', 'IPTABLES', 'NONE']);

const IngressListener = Type.Object({
  port: SidecarPort,
  bind: opt(Type.String()),
  captureMode: opt(CaptureMode),
  defaultEndpoint: opt(Type.String()),
  tls: opt(ServerTlsSchema),
  connectionPool: opt(ConnectionPoolSchema),
});

const EgressListener = Type.Object({
  port: opt(SidecarPort),
  bind: opt(Type.String()),
  captureMode: opt(CaptureMode),
  hosts: Type.Array(Type.String(), { minItems: 1 }),
});

/** networking.istio.io Sidecar. */
export const SidecarSpecSchema = allOptional({
  workloadSelector: allOptional({ labels: StringMap }),
  ingress: Type.Array(IngressListener),
  egress: Type.Array(EgressListener),
  inboundConnectionPool: ConnectionPoolSchema,
  outboundTrafficPolicy: allOptional({
    mode: Type.Enum(['REGISTRY_ONLY', 'ALLOW_ANY']),
    egressProxy: DestinationSchema,
  }),
});
export type SidecarSpec = TypeOf<typeof SidecarSpecSchema>;
