import type { TSchema } from 'typebox';
import { TcpRouteSpecSchema, TlsRouteSpecSchema } from './gateway-api-byte-routes.ts';
import { GATEWAY_API, PolicyStatus, RouteStatus } from './gateway-api-common.ts';
import {
  GatewayClassSpecSchema,
  GatewayClassStatusSchema,
  K8sGatewaySpecSchema,
  K8sGatewayStatusSchema,
} from './gateway-api-gateway.ts';
import { GrpcRouteSpecSchema } from './gateway-api-grpc-route.ts';
import { HttpRouteSpecSchema } from './gateway-api-http-route.ts';
import { BackendTlsPolicySpecSchema, ReferenceGrantSpecSchema } from './gateway-api-policies.ts';
import { defineKind } from './kind.ts';
import { opt } from './schema.ts';

const group = { group: GATEWAY_API } as const;
const fields = (spec: TSchema, status: TSchema) => ({ spec, status: opt(status) });

/** The Gateway API's kinds, whose schemas follow its custom resource definitions (1.6, experimental channel). */
export const gatewayApiKinds = [
  defineKind({
    ...group,
    versions: ['v1', 'v1beta1'],
    kind: 'GatewayClass',
    plural: 'gatewayclasses',
    shortNames: ['gc'],
    scope: 'Cluster',
    fields: fields(GatewayClassSpecSchema, GatewayClassStatusSchema),
  }),
  defineKind({
    ...group,
    versions: ['v1', 'v1beta1'],
    kind: 'Gateway',
    plural: 'gateways',
    shortNames: ['gtw'],
    fields: fields(K8sGatewaySpecSchema, K8sGatewayStatusSchema),
  }),
  defineKind({
    ...group,
    versions: ['v1', 'v1beta1'],
    kind: 'HTTPRoute',
    plural: 'httproutes',
    fields: fields(HttpRouteSpecSchema, RouteStatus),
  }),
  defineKind({
    ...group,
    versions: ['v1'],
    kind: 'GRPCRoute',
    plural: 'grpcroutes',
    fields: fields(GrpcRouteSpecSchema, RouteStatus),
  }),
  defineKind({
    ...group,
    versions: ['v1', 'v1alpha3', 'v1alpha2'],
    kind: 'TLSRoute',
    plural: 'tlsroutes',
    fields: fields(TlsRouteSpecSchema, RouteStatus),
  }),
  defineKind({
    ...group,
    versions: ['v1', 'v1alpha2'],
    kind: 'TCPRoute',
    plural: 'tcproutes',
    fields: fields(TcpRouteSpecSchema, RouteStatus),
  }),
  defineKind({
    ...group,
    versions: ['v1', 'v1beta1'],
    kind: 'ReferenceGrant',
    plural: 'referencegrants',
    shortNames: ['refgrant'],
    fields: { spec: ReferenceGrantSpecSchema },
  }),
  defineKind({
    ...group,
    versions: ['v1', 'v1alpha3'],
    kind: 'BackendTLSPolicy',
    plural: 'backendtlspolicies',
    shortNames: ['btlspolicy'],
    fields: fields(BackendTlsPolicySpecSchema, PolicyStatus),
  }),
] as const;
