import { create } from '@bufbuild/protobuf';
import type { ClusterPlan, HealthCheck } from '@meshwise/model';
import {
  type HealthCheck as EnvoyHealthCheck,
  HealthCheck_GrpcHealthCheckSchema as GrpcSchema,
  HealthCheckSchema,
  HealthCheck_HttpHealthCheckSchema as HttpSchema,
  HealthCheck_TcpHealthCheckSchema as TcpSchema,
} from '../../gen/envoy/config/core/v3/health_check_pb.js';
import { durationOf } from './packing.ts';

/** Active health checks (envoy.config.core.v3.HealthCheck), made by every proxy that has the cluster. */
export function healthChecks({ healthCheck: check, host }: ClusterPlan): EnvoyHealthCheck[] {
  if (check === undefined) return [];
  return [
    create(HealthCheckSchema, {
      interval: durationOf(check.intervalMs),
      timeout: durationOf(check.timeoutMs),
      unhealthyThreshold: check.unhealthyThreshold,
      healthyThreshold: check.healthyThreshold,
      // Without traffic Envoy checks once a minute, and would learn of a failure with the first request that meets it.
      noTrafficInterval: durationOf(check.intervalMs),
      healthChecker: checker(check, host),
    }),
  ];
}

function checker(check: HealthCheck, host: string) {
  switch (check.kind) {
    case 'http':
      return {
        case: 'httpHealthCheck' as const,
        value: create(HttpSchema, {
          path: check.path ?? '/',
          // Unset, Envoy would send the name of the cluster, which no server takes for a host.
          host: check.host ?? host,
          // Half-open, as Envoy's ranges are.
          expectedStatuses: (check.expectedStatuses ?? []).map(({ from, to }) => ({
            start: BigInt(from),
            end: BigInt(to + 1),
          })),
        }),
      };
    case 'grpc':
      return { case: 'grpcHealthCheck' as const, value: create(GrpcSchema, { serviceName: check.path ?? '' }) };
    case 'tcp':
      return { case: 'tcpHealthCheck' as const, value: create(TcpSchema, {}) };
  }
}
