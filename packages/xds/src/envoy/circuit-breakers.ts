import { create } from '@bufbuild/protobuf';
import { type CircuitBreakers, CircuitBreakersSchema } from '../../gen/envoy/config/cluster/v3/circuit_breaker_pb.js';

const UNLIMITED = 0xffff_ffff;

/**
 * A Plan without limits means none. Envoy's default is 1,024 connections, requests and waiting requests, which would
 * answer 503 to the rest without anybody having asked for it. Istio says the same to every cluster.
 */
export const NO_LIMITS: CircuitBreakers = create(CircuitBreakersSchema, {
  thresholds: [
    {
      maxConnections: UNLIMITED,
      maxPendingRequests: UNLIMITED,
      maxRequests: UNLIMITED,
      maxRetries: UNLIMITED,
      trackRemaining: true,
    },
  ],
});
