import type { Any } from '@bufbuild/protobuf/wkt';
import type { RoutePlan } from '@meshwise/model';
import { CORS_FILTER, routeCors } from './cors.ts';
import { DEADLINE_FILTER, routeDeadline } from './deadlines.ts';
import { FAULT_FILTER, routeFault } from './faults.ts';
import { LOCAL_RATE_LIMIT_FILTER, routeLocalRateLimit } from './rate-limits.ts';
import { routeSession, SESSION_FILTER } from './session-persistence.ts';

/** What a route tells the filters in front of it, by their names. */
export function routeFilters({ fault, cors, limits, action }: RoutePlan): { [name: string]: Any } {
  const { timeoutMs, sessionPersistence } = action.kind === 'forward' ? action : {};
  const deadline = limits?.deadline === undefined ? undefined : routeDeadline(limits.deadline.budgetMs, timeoutMs);
  return {
    ...(cors === undefined ? {} : { [CORS_FILTER]: routeCors(cors) }),
    ...(fault === undefined ? {} : { [FAULT_FILTER]: routeFault(fault) }),
    ...(limits?.local === undefined ? {} : { [LOCAL_RATE_LIMIT_FILTER]: routeLocalRateLimit(limits.local) }),
    ...(sessionPersistence === undefined ? {} : { [SESSION_FILTER]: routeSession(sessionPersistence) }),
    ...(deadline === undefined ? {} : { [DEADLINE_FILTER]: deadline }),
  };
}
