import {
  FieldReader,
  type Fragment,
  itemBase,
  type LocalRateLimit,
  type PolicyTarget,
  type Residue,
  type TrafficPolicyItem,
} from '@meshwise/model';
import { GATEWAY_API, type Resource } from '@meshwise/resources';
import { readCount } from './counts.ts';
import { readGlobalRateLimits } from './global-rate-limit.ts';
import { readHealthCheck } from './health-check.ts';

const ISTIO = 'networking.istio.io';

/** Groups of the kinds that a policy may be attached to, the one first that is meant where none is written. */
const TARGET_GROUPS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Service: ['', 'core'],
  Gateway: [ISTIO, GATEWAY_API],
  VirtualService: [ISTIO],
  HTTPRoute: [GATEWAY_API],
  GRPCRoute: [GATEWAY_API],
};

/** meshwise.dev TrafficPolicy. */
export function readTrafficPolicy(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const targets = (spec?.list('targetRefs') ?? []).flatMap(readTarget);
  if (spec === undefined || targets.length === 0) {
    (spec ?? root).invalid(
      spec === undefined ? 'spec' : 'targetRefs',
      'names nothing that a policy can be attached to',
    );
    return { items: [], residues };
  }
  const rateLimit = spec.object('rateLimit');
  const localRateLimit = readLocal(rateLimit?.object('local'));
  const global = readGlobalRateLimits(rateLimit, `${resource.metadata.namespace ?? ''}/${resource.metadata.name}`);
  rateLimit?.rest();
  const healthCheck = readHealthCheck(spec.object('healthCheck'));
  const bulkhead = readBulkhead(spec.object('bulkhead'));
  const deadlineMs = spec.durationMs('deadline');
  if (deadlineMs === 0) spec.invalid('deadline', 'is zero, which no request can keep; it is ignored');
  const retryBudget = readRetryBudget(spec.object('retryBudget'));
  spec.rest();
  root.rest();
  const item: TrafficPolicyItem = {
    ...itemBase(resource),
    kind: 'traffic-policy',
    targets,
    ...(localRateLimit === undefined ? {} : { localRateLimit }),
    globalRateLimits: global.limits,
    globalRules: global.rules,
    ...(healthCheck === undefined ? {} : { healthCheck }),
    ...(bulkhead === undefined ? {} : { bulkhead }),
    ...(deadlineMs === undefined || deadlineMs === 0 ? {} : { deadlineMs }),
    ...(retryBudget === undefined ? {} : { retryBudget }),
  };
  return { items: [item], residues };
}

function readTarget(field: FieldReader): readonly PolicyTarget[] {
  const kind = field.string('kind');
  const name = field.string('name');
  const sectionName = field.string('sectionName');
  const group = field.string('group');
  field.rest();
  const groups = kind !== undefined && Object.hasOwn(TARGET_GROUPS, kind) ? TARGET_GROUPS[kind] : undefined;
  if (kind === undefined || groups === undefined) {
    field.unsupported('kind', `is none of ${Object.keys(TARGET_GROUPS).join(', ')}`);
    return [];
  }
  const [meant] = groups;
  if (group !== undefined && !groups.includes(group)) {
    const known = groups.filter((one) => one !== 'core').map((one) => `'${one}'`);
    field.invalid('group', `is not ${known.join(' or ')}, the group of ${kind}`);
    return [];
  }
  if (name === undefined || name === '') {
    field.invalid('name', 'is missing');
    return [];
  }
  const own = group === undefined || group === 'core' ? meant : group;
  return [{ group: own, kind, name, ...(sectionName === undefined ? {} : { sectionName }) }];
}

function readLocal(field: FieldReader | undefined): LocalRateLimit | undefined {
  if (field === undefined) return undefined;
  const requests = readCount(field, 'requests');
  const perMs = field.durationMs('per');
  const burst = readCount(field, 'burst');
  const status = readCount(field, 'status', 400, 599);
  field.rest();
  if (requests === undefined || perMs === undefined) {
    field.invalid(undefined, 'needs requests and per');
    return undefined;
  }
  // Envoy refuses to fill buckets more often.
  if (perMs < 50) {
    field.invalid('per', 'is shorter than 50ms, the shortest that Envoy keeps count of');
    return undefined;
  }
  return {
    tokens: Math.max(1, burst ?? requests),
    tokensPerFill: Math.max(1, requests),
    fillIntervalMs: perMs,
    ...(status === undefined ? {} : { status }),
    origin: field.origin(),
  };
}

function readBulkhead(field: FieldReader | undefined): TrafficPolicyItem['bulkhead'] {
  if (field === undefined) return undefined;
  const maxConnections = readCount(field, 'maxConnections');
  const maxRequests = readCount(field, 'maxRequests');
  const maxPendingRequests = readCount(field, 'maxPendingRequests');
  field.rest();
  return {
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
    ...(maxPendingRequests === undefined ? {} : { maxPendingRequests }),
  };
}

/** Envoy's own defaults where one of the two is not said (circuit_breaker.proto, RetryBudget). */
function readRetryBudget(field: FieldReader | undefined): TrafficPolicyItem['retryBudget'] {
  if (field === undefined) return undefined;
  const written = field.number('percent') ?? 20;
  const isShare = written >= 0 && written <= 100;
  if (!isShare) field.invalid('percent', 'is not between 0 and 100');
  const percent = isShare ? written : 20;
  const minConcurrency = readCount(field, 'minConcurrency') ?? 3;
  field.rest();
  return { percent, minConcurrency };
}
