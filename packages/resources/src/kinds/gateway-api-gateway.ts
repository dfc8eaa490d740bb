import { Type } from 'typebox';
import {
  GATEWAY_API,
  Hostname,
  Kind,
  ListenerStatuses,
  LocalObjectReference,
  ObjectName,
  ObjectReference,
  Options,
  SecretReference,
  SectionName,
} from './gateway-api-common.ts';
import { Annotations, Conditions, LabelSelectorSchema, Labels } from './meta.ts';
import { allOptional, Count, listMap, opt, Port, type TypeOf, text } from './schema.ts';

const AllowedRoutes = allOptional(
  {
    namespaces: allOptional(
      { from: Type.Enum(['All', 'Selector', 'Same', 'None'], { default: 'Same' }), selector: LabelSelectorSchema },
      { default: { from: 'Same' } },
    ),
    kinds: Type.Array(Type.Object({ group: opt(Type.String({ default: GATEWAY_API })), kind: Kind }), { maxItems: 8 }),
  },
  { default: { namespaces: { from: 'Same' } } },
);

const ListenerTls = allOptional({
  mode: Type.Enum(['Terminate', 'Passthrough'], { default: 'Terminate' }),
  certificateRefs: Type.Array(SecretReference, { maxItems: 64 }),
  options: Options,
});

const Listener = Type.Object({
  name: SectionName,
  hostname: opt(Hostname),
  port: Port,
  /** HTTP, HTTPS, TLS, TCP, UDP, or one of an implementation, prefixed by a domain. */
  protocol: Type.String({ minLength: 1 }),
  tls: opt(ListenerTls),
  allowedRoutes: opt(AllowedRoutes),
});

const FrontendTls = allOptional({
  validation: Type.Object({
    caCertificateRefs: Type.Array(ObjectReference, { minItems: 1, maxItems: 16 }),
    mode: opt(Type.Enum(['AllowValidOnly', 'AllowInsecureFallback'], { default: 'AllowValidOnly' })),
  }),
});

const GatewayTls = allOptional({
  backend: allOptional({ clientCertificateRef: SecretReference }),
  frontend: Type.Object({
    default: FrontendTls,
    perPort: opt(listMap(Type.Object({ port: Port, tls: FrontendTls }), 'port')),
  }),
});

const Address = Type.Object({
  type: opt(Type.String({ default: 'IPAddress' })),
  value: opt(Type.String()),
});

/** gateway.networking.k8s.io Gateway. */
export const K8sGatewaySpecSchema = Type.Object({
  gatewayClassName: ObjectName,
  listeners: listMap(Listener, 'name'),
  addresses: opt(Type.Array(Address, { maxItems: 16 })),
  infrastructure: opt(allOptional({ labels: Labels, annotations: Annotations, parametersRef: LocalObjectReference })),
  allowedListeners: opt(
    allOptional({
      namespaces: allOptional(
        { from: Type.Enum(['All', 'Selector', 'Same', 'None'], { default: 'None' }), selector: LabelSelectorSchema },
        { default: { from: 'None' } },
      ),
    }),
  ),
  tls: opt(GatewayTls),
  defaultScope: opt(Type.Enum(['All', 'None'])),
});
export type K8sGatewaySpec = TypeOf<typeof K8sGatewaySpecSchema>;

export const K8sGatewayStatusSchema = allOptional({
  addresses: Type.Array(Type.Object({ type: opt(Type.String()), value: Type.String() })),
  conditions: Conditions,
  listeners: ListenerStatuses,
  attachedListenerSets: Count,
});
export type K8sGatewayStatus = TypeOf<typeof K8sGatewayStatusSchema>;

/** gateway.networking.k8s.io GatewayClass. */
export const GatewayClassSpecSchema = Type.Object({
  controllerName: text('controller-name'),
  parametersRef: opt(ObjectReference),
  description: opt(Type.String()),
});
export type GatewayClassSpec = TypeOf<typeof GatewayClassSpecSchema>;

export const GatewayClassStatusSchema = allOptional({
  conditions: Conditions,
  supportedFeatures: listMap(Type.Object({ name: Type.String() }), 'name'),
});
