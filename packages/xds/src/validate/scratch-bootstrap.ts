import { create, toBinary } from '@bufbuild/protobuf';
import { type Any, AnySchema } from '@bufbuild/protobuf/wkt';
import { BootstrapSchema } from '../../gen/envoy/config/bootstrap/v3/bootstrap_pb.js';
import { type Cluster, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { ApiConfigSource_ApiType, ApiVersion } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import type { TypedExtensionConfig } from '../../gen/envoy/config/core/v3/extension_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import {
  type Route,
  RouteSchema,
  type VirtualHost,
  VirtualHostSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { RouterSchema } from '../../gen/envoy/extensions/filters/http/router/v3/router_pb.js';
import {
  type HttpConnectionManager,
  HttpConnectionManagerSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { pipeAddress } from '../envoy/address.ts';
import { packed } from '../envoy/packing.ts';
import { textField } from '../view/wire.ts';
import type { CheckUnit } from './check-unit.ts';
import { judgeable } from './scratch-listener.ts';

/** No cluster of a mesh is called so. */
const ADS_CLUSTER = 'meshwise scratch';

/**
 * A configuration, encoded, that has all of these in it, so that an Envoy that only validates (`--mode validate`) judges
 * them. It opens no socket and asks nobody: what comes by ADS stays away, as it may.
 */
export function scratchBootstrap(units: readonly CheckUnit[]): Uint8Array {
  const listeners: Listener[] = [];
  const clusters: Cluster[] = [];
  const routes: Route[] = [];
  const stubs = new Set<string>();
  for (const [index, unit] of units.entries()) {
    const name = `check-${index}`;
    if (unit.kind === 'regex') routes.push(routeMatching(unit.pattern));
    else if (unit.kind === 'rewrite') routes.push(routeRewriting(unit.pattern, unit.substitution));
    else if (unit.kind === 'expression') listeners.push(listenerLogging(name, unit.text));
    else {
      const { type, message } = unit.resource;
      for (const cluster of unit.clusters) stubs.add(cluster);
      if (type === 'CDS') clusters.push(message as Cluster);
      if (type === 'LDS') listeners.push(judgeable(message as Listener));
      if (type === 'RDS') listeners.push(listenerOf(name, { routes: withoutDelivery(message as RouteConfiguration) }));
      if (type === 'VHDS') listeners.push(listenerOf(name, { routes: routesOf(name, [message as VirtualHost]) }));
      if (type === 'ECDS') listeners.push(listenerOf(name, { filter: message as TypedExtensionConfig }));
    }
  }
  if (routes.length > 0) listeners.push(listenerOf('routes', { routes: routesOf('routes', [hostOf(routes)]) }));
  return toBinary(
    BootstrapSchema,
    create(BootstrapSchema, {
      node: { id: 'scratch', cluster: 'scratch' },
      dynamicResources: {
        adsConfig: {
          apiType: ApiConfigSource_ApiType.DELTA_GRPC,
          transportApiVersion: ApiVersion.V3,
          grpcServices: [{ targetSpecifier: { case: 'envoyGrpc', value: { clusterName: ADS_CLUSTER } } }],
        },
      },
      staticResources: {
        listeners,
        clusters: [
          stub(ADS_CLUSTER),
          ...[...stubs].filter((name) => !clusters.some((cluster) => cluster.name === name)).map(stub),
          ...clusters,
        ],
      },
    }),
  );
}

/** Stands for a cluster that others refer to; HTTP/2, as gRPC needs. */
function stub(name: string): Cluster {
  return create(ClusterSchema, { name, loadAssignment: { clusterName: name }, http2ProtocolOptions: {} });
}

function routeMatching(regex: string): Route {
  return create(RouteSchema, {
    match: { pathSpecifier: { case: 'safeRegex', value: { regex } } },
    action: { case: 'directResponse', value: { status: 200 } },
  });
}

function routeRewriting(regex: string, substitution: string): Route {
  return create(RouteSchema, {
    match: { pathSpecifier: { case: 'prefix', value: '/' } },
    action: {
      case: 'route',
      value: {
        clusterSpecifier: { case: 'cluster', value: ADS_CLUSTER },
        regexRewrite: { pattern: { regex }, substitution },
      },
    },
  });
}

function hostOf(routes: Route[]): VirtualHost {
  return create(VirtualHostSchema, { name: 'any', domains: ['*'], routes });
}

function routesOf(name: string, virtualHosts: VirtualHost[]): RouteConfiguration {
  return create(RouteConfigurationSchema, { name, virtualHosts, validateClusters: false });
}

/** Virtual hosts that come on their own are judged on their own. */
function withoutDelivery({ vhds: _, ...routes }: RouteConfiguration): RouteConfiguration {
  return { ...routes, validateClusters: false };
}

const CEL_FILTER = 'type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter';
const STDOUT = 'type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog';

function listenerLogging(name: string, expression: string): Listener {
  const any = (typeUrl: string, value: Uint8Array): Any => create(AnySchema, { typeUrl, value });
  return listenerOf(name, {
    accessLog: [
      {
        name: 'stdout',
        filter: {
          filterSpecifier: {
            case: 'extensionFilter',
            value: {
              name: 'cel',
              configType: { case: 'typedConfig', value: any(CEL_FILTER, textField(1, expression)) },
            },
          },
        },
        configType: { case: 'typedConfig', value: any(STDOUT, new Uint8Array()) },
      },
    ],
  });
}

interface ListenerParts {
  readonly routes?: RouteConfiguration;
  readonly filter?: TypedExtensionConfig;
  readonly accessLog?: object[];
}

const ROUTER = {
  name: 'envoy.filters.http.router',
  configType: { case: 'typedConfig', value: packed(RouterSchema, {}) },
} as const;

function listenerOf(name: string, parts: ListenerParts): Listener {
  const { typedConfig } = parts.filter ?? {};
  const extra =
    parts.filter === undefined || typedConfig === undefined
      ? []
      : [{ name: parts.filter.name, configType: { case: 'typedConfig' as const, value: typedConfig } }];
  const manager = packed(HttpConnectionManagerSchema, {
    statPrefix: name,
    routeSpecifier: { case: 'routeConfig', value: parts.routes ?? routesOf(name, []) },
    httpFilters: [...extra, ROUTER],
    accessLog: (parts.accessLog ?? []) as HttpConnectionManager['accessLog'],
  });
  return create(ListenerSchema, {
    name,
    address: pipeAddress(`/nowhere/${name}`),
    filterChains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            configType: { case: 'typedConfig', value: manager },
          },
        ],
      },
    ],
  });
}
