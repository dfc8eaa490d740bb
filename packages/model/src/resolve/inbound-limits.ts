import type { ConnectionPool, InboundPortPlan } from '../plan.ts';
import type { ServiceLimits } from './traffic-policies.ts';

/** A port with what TrafficPolicies say of the service that it belongs to; a bulkhead is the narrower of two limits. */
export function withLimits(port: InboundPortPlan, limits: ServiceLimits | undefined): InboundPortPlan {
  if (limits === undefined) return port;
  const { local, global, bulkhead } = limits;
  const isHttp = port.protocol !== 'tcp' && port.protocol !== 'tls';
  return {
    ...port,
    ...(local === undefined || !isHttp ? {} : { localRateLimit: local }),
    ...(global === undefined || !isHttp ? {} : { globalRateLimits: global }),
    ...(bulkhead === undefined ? {} : { connectionPool: narrower(port.connectionPool, bulkhead) }),
  };
}

function narrower(pool: ConnectionPool | undefined, bulkhead: NonNullable<ServiceLimits['bulkhead']>): ConnectionPool {
  const limits = Object.entries(bulkhead).map(([name, limit]) => {
    const known = pool?.[name as keyof typeof bulkhead];
    return [name, known === undefined ? limit : Math.min(known, limit)];
  });
  return { ...pool, ...Object.fromEntries(limits) };
}
