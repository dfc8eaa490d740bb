import { Type } from 'typebox';
import { WorkloadSelectorSchema } from './istio-common.ts';
import { allOptional, atMostOne, Count, Duration, opt, Port, StringMap, type TypeOf } from './schema.ts';

const Percent = Type.Integer({ minimum: 0, maximum: 100 });
const ErrorCount = Type.Integer({ minimum: 0, maximum: 4294967295 });

const ConsistentHash = allOptional(
  {
    httpHeaderName: Type.String(),
    httpCookie: Type.Object({
      name: Type.String(),
      path: opt(Type.String()),
      ttl: opt(Duration),
      attributes: opt(Type.Array(Type.Object({ name: Type.String(), value: opt(Type.String()) }))),
    }),
    useSourceIp: Type.Boolean(),
    httpQueryParameterName: Type.String(),
    minimumRingSize: Count,
    ringHash: allOptional({ minimumRingSize: Count }),
    maglev: allOptional({ tableSize: Count }),
  },
  atMostOne('httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'),
);

const Locality = allOptional({
  enabled: Type.Boolean(),
  distribute: Type.Array(allOptional({ from: Type.String(), to: Type.Record(Type.String(), Percent) })),
  failover: Type.Array(allOptional({ from: Type.String(), to: Type.String() })),
  failoverPriority: Type.Array(Type.String()),
});

const ZoneAware = allOptional({
  enabled: Type.Boolean(),
  failover: Type.Array(allOptional({ from: Type.String(), to: Type.String() })),
  failoverPriority: Type.Array(Type.String()),
  minClusterSize: Count,
});

const LoadBalancerSchema = allOptional(
  {
    simple: Type.Enum(['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST']),
    consistentHash: ConsistentHash,
    localityLbSetting: Locality,
    zoneAwareLbSetting: ZoneAware,
    warmupDurationSecs: Duration,
    warmup: allOptional({ duration: Duration, minimumPercent: Type.Number(), aggression: Type.Number() }),
  },
  atMostOne('simple', 'consistentHash'),
);

export const ConnectionPoolSchema = allOptional({
  tcp: allOptional({
    maxConnections: Count,
    connectTimeout: Duration,
    tcpKeepalive: allOptional({ probes: Count, time: Duration, interval: Duration }),
    maxConnectionDuration: Duration,
    idleTimeout: Duration,
  }),
  http: allOptional({
    http1MaxPendingRequests: Count,
    http2MaxRequests: Count,
    maxRequestsPerConnection: Count,
    maxRetries: Count,
    idleTimeout: Duration,
    h2UpgradePolicy: Type.Enum(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
    useClientProtocol: Type.Boolean(),
    maxConcurrentStreams: Count,
    http2KeepAlive: allOptional({ interval: Duration, timeout: Duration }),
  }),
});

const OutlierDetectionSchema = allOptional({
  consecutiveErrors: Count,
  consecutiveGatewayErrors: ErrorCount,
  consecutive5xxErrors: ErrorCount,
  consecutiveLocalOriginFailures: ErrorCount,
  splitExternalLocalOriginErrors: Type.Boolean(),
  interval: Duration,
  baseEjectionTime: Duration,
  maxEjectionPercent: Percent,
  minHealthPercent: Percent,
});

const ClientTlsSchema = allOptional({
  mode: Type.Enum(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
  clientCertificate: Type.String(),
  privateKey: Type.String(),
  caCertificates: Type.String(),
  caCrl: Type.String(),
  credentialName: Type.String(),
  subjectAltNames: Type.Array(Type.String()),
  sni: Type.String(),
  insecureSkipVerify: Type.Boolean(),
});

const perPort = {
  loadBalancer: LoadBalancerSchema,
  connectionPool: ConnectionPoolSchema,
  outlierDetection: OutlierDetectionSchema,
  tls: ClientTlsSchema,
};
const TrafficPolicySchema = allOptional({
  ...perPort,
  portLevelSettings: Type.Array(allOptional({ port: allOptional({ number: Port }), ...perPort })),
  tunnel: Type.Object({ protocol: opt(Type.String()), targetHost: Type.String(), targetPort: Port }),
  proxyProtocol: allOptional({ version: Type.Enum(['V1', 'V2']) }),
  retryBudget: allOptional({
    percent: Type.Number({ minimum: 0, maximum: 100 }),
    minRetryConcurrency: Count,
    budgetInterval: Duration,
  }),
});
export type DestinationRuleTrafficPolicy = TypeOf<typeof TrafficPolicySchema>;

const SubsetSchema = Type.Object({
  name: Type.String({ minLength: 1 }),
  labels: opt(StringMap),
  trafficPolicy: opt(TrafficPolicySchema),
});
export type DestinationRuleSubset = TypeOf<typeof SubsetSchema>;

/** networking.istio.io DestinationRule. */
export const DestinationRuleSpecSchema = Type.Object({
  host: Type.String({ minLength: 1 }),
  trafficPolicy: opt(TrafficPolicySchema),
  subsets: opt(Type.Array(SubsetSchema)),
  exportTo: opt(Type.Array(Type.String())),
  workloadSelector: opt(WorkloadSelectorSchema),
});
export type DestinationRuleSpec = TypeOf<typeof DestinationRuleSpecSchema>;
