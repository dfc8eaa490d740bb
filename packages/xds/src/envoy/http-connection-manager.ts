import { create } from '@bufbuild/protobuf';
import type { PathNormalization, TelemetryPlan } from '@meshwise/model';
import { type Filter, FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { RouteConfiguration } from '../../gen/envoy/config/route/v3/route_pb.js';
import { GrpcWebSchema } from '../../gen/envoy/extensions/filters/http/grpc_web/v3/grpc_web_pb.js';
import { RouterSchema } from '../../gen/envoy/extensions/filters/http/router/v3/router_pb.js';
import { TapSchema } from '../../gen/envoy/extensions/filters/http/tap/v3/tap_pb.js';
import {
  HttpConnectionManager_CodecType as Codec,
  HttpConnectionManager_ForwardClientCertDetails as ForwardClientCert,
  HttpConnectionManagerSchema,
  type HttpFilter,
  HttpFilterSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { accessLogs } from './access-logs.ts';
import { CORS } from './cors.ts';
import { CLIENT_FILTERS, SERVER_FILTERS } from './extension-configs.ts';
import { durationOf, packed } from './packing.ts';
import { pathOptions } from './path-options.ts';
import { ADS } from './resource.ts';
import { SECURITY_FILTERS } from './security/request-filters.ts';
import { SESSIONS } from './session-persistence.ts';
import { tracing } from './tracing.ts';

/** What `POST /tap` at a proxy's administration interface names. */
export const TAP_CONFIG_ID = 'meshwise';

/** Where a request enters: at its client's sidecar, at its server's, from outside, or from the platform. */
export type HttpSide = 'outbound' | 'inbound' | 'gateway' | 'tunnel';

export interface HttpManagerOptions {
  readonly side: HttpSide;
  readonly statPrefix: string;
  readonly routes: { readonly rds: string } | { readonly inline: RouteConfiguration };
  /** gRPC-Web becomes gRPC before it reaches the program (PROTOCOL-WEB of gRPC). */
  readonly translatesGrpcWeb?: boolean;
  /** What is reported of requests. */
  readonly telemetry?: TelemetryPlan | undefined;
  readonly pathNormalization?: PathNormalization | undefined;
}

interface Traits {
  /** The first proxy to see a request is the one that can believe the connection's address. */
  readonly useRemoteAddress: boolean;
  /** What becomes of `x-forwarded-client-cert`, which says who the caller is. */
  readonly clientCertificate: ForwardClientCert;
  readonly serverName: string;
  readonly upgrade: 'websocket' | 'CONNECT';
  readonly filters: readonly HttpFilter[];
}

export const ROUTER = create(HttpFilterSchema, {
  name: 'envoy.filters.http.router',
  configType: { case: 'typedConfig', value: packed(RouterSchema, {}) },
});

const GRPC_WEB = create(HttpFilterSchema, {
  name: 'envoy.filters.http.grpc_web',
  configType: { case: 'typedConfig', value: packed(GrpcWebSchema, {}) },
});

/** Idle until somebody asks at the administration interface for `TAP_CONFIG_ID`; then it reports each request there. */
const TAP = create(HttpFilterSchema, {
  name: 'envoy.filters.http.tap',
  configType: {
    case: 'typedConfig',
    value: packed(TapSchema, {
      commonConfig: { configType: { case: 'adminConfig', value: { configId: TAP_CONFIG_ID } } },
      recordHeadersReceivedTime: true,
      recordDownstreamConnection: true,
    }),
  },
});

const TRAITS: Readonly<Record<HttpSide, Traits>> = {
  outbound: {
    useRemoteAddress: false,
    clientCertificate: ForwardClientCert.SANITIZE,
    serverName: '',
    upgrade: 'websocket',
    filters: [TAP, ...CLIENT_FILTERS, CORS, SESSIONS, ROUTER],
  },
  inbound: {
    useRemoteAddress: false,
    clientCertificate: ForwardClientCert.APPEND_FORWARD,
    serverName: 'istio-envoy',
    upgrade: 'websocket',
    filters: [TAP, ...SECURITY_FILTERS, ...SERVER_FILTERS, ROUTER],
  },
  gateway: {
    useRemoteAddress: true,
    clientCertificate: ForwardClientCert.SANITIZE_SET,
    serverName: 'istio-envoy',
    upgrade: 'websocket',
    filters: [TAP, ...SECURITY_FILTERS, ...CLIENT_FILTERS, CORS, SESSIONS, ROUTER],
  },
  tunnel: {
    useRemoteAddress: false,
    clientCertificate: ForwardClientCert.SANITIZE,
    serverName: '',
    upgrade: 'CONNECT',
    filters: [ROUTER],
  },
};

/** The HTTP/1.1 and HTTP/2 entrance of a listener. */
export function httpConnectionManager(options: HttpManagerOptions): Filter {
  const traits = TRAITS[options.side];
  const spans = tracing(options.telemetry);
  const value = packed(HttpConnectionManagerSchema, {
    codecType: Codec.AUTO,
    statPrefix: options.statPrefix,
    routeSpecifier:
      'rds' in options.routes
        ? { case: 'rds', value: { configSource: ADS, routeConfigName: options.routes.rds } }
        : { case: 'routeConfig', value: options.routes.inline },
    httpFilters: [...(options.translatesGrpcWeb === true ? [GRPC_WEB] : []), ...traits.filters],
    upgradeConfigs: [{ upgradeType: traits.upgrade }],
    useRemoteAddress: traits.useRemoteAddress,
    serverName: traits.serverName,
    forwardClientCertDetails: traits.clientCertificate,
    setCurrentClientCertDetails: { subject: true, dns: true, uri: true },
    // Unset in the Plan means no limit; Envoy's default ends a silent stream after five minutes.
    streamIdleTimeout: durationOf(0),
    ...pathOptions(options.pathNormalization),
    accessLog: accessLogs(options.telemetry),
    ...(spans === undefined ? {} : { tracing: spans }),
  });
  return create(FilterSchema, {
    name: 'envoy.filters.network.http_connection_manager',
    configType: { case: 'typedConfig', value },
  });
}
