import { create } from '@bufbuild/protobuf';
import type { InboundPortPlan } from '@meshwise/model';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { durationOf } from './packing.ts';
import { LOCAL_RATE_LIMIT_FILTER, routeLocalRateLimit, routeRateLimits } from './rate-limits.ts';
import type { EnvoyResource } from './resource.ts';

/**
 * A program may close an idle connection while a request is on its way to it. What it has not read it cannot have acted
 * on, and is sent again; streams of gRPC are left alone. As Istio.
 */
const AGAIN = { retryOn: 'reset-before-request', numRetries: 2 };

/**
 * The one route of an inbound port, with the limits in front of the program. By RDS and not within the listener: a
 * change of limits then acts on connections that are open already.
 */
export function inboundRoutes(port: InboundPortPlan, cluster: string): EnvoyResource {
  const { localRateLimit } = port;
  const message = create(RouteConfigurationSchema, {
    name: cluster,
    validateClusters: false,
    virtualHosts: [
      {
        name: `inbound|http|${port.port}`,
        domains: ['*'],
        routes: [
          {
            name: 'default',
            match: { pathSpecifier: { case: 'prefix', value: '/' } },
            action: {
              case: 'route',
              value: {
                clusterSpecifier: { case: 'cluster', value: cluster },
                timeout: durationOf(0),
                // The client's proxy has set the deadline of gRPC already.
                maxGrpcTimeout: durationOf(0),
                rateLimits: routeRateLimits(port.globalRateLimits),
                ...(port.protocol === 'grpc' ? {} : { retryPolicy: AGAIN }),
              },
            },
            typedPerFilterConfig:
              localRateLimit === undefined ? {} : { [LOCAL_RATE_LIMIT_FILTER]: routeLocalRateLimit(localRateLimit) },
          },
        ],
      },
    ],
  });
  return { type: 'RDS', name: cluster, message };
}
