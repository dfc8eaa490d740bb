import { create } from '@bufbuild/protobuf';
import type { ConnectionPool } from '@meshwise/model';
import {
  type CircuitBreakers,
  CircuitBreakersSchema,
  type CircuitBreakers_Thresholds_RetryBudget as RetryBudget,
  CircuitBreakers_Thresholds_RetryBudgetSchema as RetryBudgetSchema,
} from '../../gen/envoy/config/cluster/v3/circuit_breaker_pb.js';
import { durationOf } from './packing.ts';

const UNLIMITED = 0xffff_ffff;

/**
 * A Plan without limits means none. Envoy's default is 1,024 connections, requests and waiting requests, which would
 * answer 503 to the rest without anybody having asked for it. Istio says the same to every cluster.
 */
export const NO_LIMITS: CircuitBreakers = circuitBreakers({});

/** What a pool limits (Envoy, "Circuit breaking"); Envoy counts per proxy, not per mesh. */
export function circuitBreakers(pool: ConnectionPool): CircuitBreakers {
  return create(CircuitBreakersSchema, {
    thresholds: [
      {
        maxConnections: pool.maxConnections ?? UNLIMITED,
        maxPendingRequests: pool.maxPendingRequests ?? UNLIMITED,
        maxRequests: pool.maxRequests ?? UNLIMITED,
        maxRetries: pool.maxRetries ?? UNLIMITED,
        trackRemaining: true,
        ...(pool.retryBudget === undefined ? {} : { retryBudget: retryBudget(pool.retryBudget) }),
      },
    ],
  });
}

/** Takes the place of `maxRetries`. */
function retryBudget(budget: NonNullable<ConnectionPool['retryBudget']>): RetryBudget {
  return create(RetryBudgetSchema, {
    budgetPercent: { value: budget.percent },
    minRetryConcurrency: budget.minConcurrency,
    ...(budget.intervalMs === undefined ? {} : { budgetInterval: durationOf(budget.intervalMs) }),
  });
}
