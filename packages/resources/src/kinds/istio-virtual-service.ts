import { Type } from 'typebox';
import { DestinationSchema, HeadersSchema, PercentSchema, StringMatchSchema } from './istio-common.ts';
import { allOptional, atMostOne, Duration, opt, Port, StringMap, type TypeOf, text } from './schema.ts';

const HttpMatchSchema = allOptional({
  name: Type.String(),
  uri: StringMatchSchema,
  scheme: StringMatchSchema,
  method: StringMatchSchema,
  authority: StringMatchSchema,
  headers: Type.Record(Type.String(), StringMatchSchema),
  withoutHeaders: Type.Record(Type.String(), StringMatchSchema),
  queryParams: Type.Record(Type.String(), StringMatchSchema),
  port: Port,
  sourceLabels: StringMap,
  sourceNamespace: Type.String(),
  gateways: Type.Array(Type.String()),
  ignoreUriCase: Type.Boolean(),
  statPrefix: Type.String(),
});
export type HttpMatch = TypeOf<typeof HttpMatchSchema>;

const Weight = opt(Type.Integer({ minimum: 0 }));
const HttpRouteDestination = Type.Object({
  destination: DestinationSchema,
  weight: Weight,
  headers: opt(HeadersSchema),
});
const RouteDestination = Type.Object({ destination: DestinationSchema, weight: Weight });

const FaultSchema = allOptional({
  delay: allOptional(
    { fixedDelay: Duration, exponentialDelay: Duration, percent: Type.Integer(), percentage: PercentSchema },
    atMostOne('fixedDelay', 'exponentialDelay'),
  ),
  abort: allOptional(
    {
      httpStatus: Type.Integer({ minimum: 200, maximum: 599 }),
      grpcStatus: Type.String(),
      http2Error: Type.String(),
      percentage: PercentSchema,
    },
    atMostOne('httpStatus', 'grpcStatus', 'http2Error'),
  ),
});

const CorsSchema = allOptional({
  allowOrigin: Type.Array(Type.String()),
  allowOrigins: Type.Array(StringMatchSchema),
  allowMethods: Type.Array(Type.String()),
  allowHeaders: Type.Array(Type.String()),
  exposeHeaders: Type.Array(Type.String()),
  maxAge: Duration,
  allowCredentials: Type.Boolean(),
  unmatchedPreflights: Type.Enum(['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});

const HttpRouteSchema = allOptional({
  name: Type.String(),
  match: Type.Array(HttpMatchSchema),
  route: Type.Array(HttpRouteDestination),
  redirect: allOptional(
    {
      uri: Type.String(),
      authority: Type.String(),
      port: Port,
      derivePort: Type.Enum(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
      scheme: Type.String(),
      redirectCode: Type.Integer({ minimum: 300, maximum: 399 }),
      prefixRewrite: Type.String(),
    },
    atMostOne('port', 'derivePort'),
  ),
  directResponse: Type.Object({
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    body: opt(allOptional({ string: Type.String(), bytes: text('base64') }, atMostOne('string', 'bytes'))),
  }),
  delegate: allOptional({ name: Type.String(), namespace: Type.String() }),
  rewrite: allOptional({
    uri: Type.String(),
    authority: Type.String(),
    uriRegexRewrite: allOptional({ match: text('regex'), rewrite: Type.String() }),
  }),
  timeout: Duration,
  retries: allOptional({
    attempts: Type.Integer({ minimum: 0 }),
    perTryTimeout: Duration,
    retryOn: Type.String(),
    retryRemoteLocalities: Type.Boolean(),
    retryIgnorePreviousHosts: Type.Boolean(),
    backoff: Duration,
  }),
  fault: FaultSchema,
  mirror: DestinationSchema,
  mirrors: Type.Array(Type.Object({ destination: DestinationSchema, percentage: opt(PercentSchema) })),
  mirrorPercent: Type.Integer({ minimum: 0, maximum: 100 }),
  mirrorPercentage: PercentSchema,
  corsPolicy: CorsSchema,
  headers: HeadersSchema,
});
export type VirtualServiceHttpRoute = TypeOf<typeof HttpRouteSchema>;

const layer4Match = {
  destinationSubnets: Type.Array(Type.String()),
  port: Port,
  sourceLabels: StringMap,
  sourceNamespace: Type.String(),
  gateways: Type.Array(Type.String()),
};
const TlsRouteSchema = Type.Object({
  match: Type.Array(allOptional({ sniHosts: Type.Array(Type.String()), ...layer4Match })),
  route: opt(Type.Array(RouteDestination)),
});
const TcpRouteSchema = allOptional({
  match: Type.Array(allOptional({ sourceSubnet: Type.String(), ...layer4Match })),
  route: Type.Array(RouteDestination),
});
export type VirtualServiceTlsRoute = TypeOf<typeof TlsRouteSchema>;
export type VirtualServiceTcpRoute = TypeOf<typeof TcpRouteSchema>;

/** networking.istio.io VirtualService. */
export const VirtualServiceSpecSchema = allOptional({
  hosts: Type.Array(text('istio-host')),
  gateways: Type.Array(Type.String()),
  http: Type.Array(HttpRouteSchema),
  tls: Type.Array(TlsRouteSchema),
  tcp: Type.Array(TcpRouteSchema),
  exportTo: Type.Array(Type.String()),
});
export type VirtualServiceSpec = TypeOf<typeof VirtualServiceSpecSchema>;
