import { completePlan, formatDuration, type LoadPlan, WITHHELD } from '@meshwise/load';
import type { CriterionOutcome, RunRecord } from '@meshwise/performance';
import { EMPTY_FORM, type PlanForm } from './plan-form.ts';

type Again = Pick<RunRecord, 'name' | 'target' | 'plan' | 'criteria'>;

/** The form filled so that it asks for the same run again; secrets, which no result has, are left to be filled in. */
export function formOfRun({ name, target, plan, criteria }: Again): PlanForm {
  const [request] = plan.requests;
  return {
    ...EMPTY_FORM,
    target: target.text,
    from: target.from,
    name,
    ...paceOf(plan),
    ...unlessDefault(plan),
    protocol: plan.protocol,
    headers: (request?.headers ?? []).map(([header, value]) => ({
      name: header,
      value: value === WITHHELD ? '' : value,
    })),
    body: request?.body?.encoding === 'utf8' ? request.body.content : '',
    burst: plan.connections.burst,
    keepAlive: plan.connections.requestsPerConnection?.max !== 1,
    limit: plan.maxRequests === null ? '' : String(plan.maxRequests),
    abortErrors: plan.abort.errorPercent === null ? '' : String(plan.abort.errorPercent),
    abortP99: plan.abort.responseP99Ms === null ? '' : formatDuration(plan.abort.responseP99Ms),
    verify: plan.tls?.verify ?? true,
    serverName: plan.tls?.serverName ?? '',
    ca: plan.tls?.ca ?? '',
    ...criteriaOf(criteria),
  };
}

function paceOf({ pace }: LoadPlan): Partial<PlanForm> {
  if (pace.kind === 'closed') {
    const cap = pace.maxRps === null ? '' : String(pace.maxRps);
    return { pace: 'closed', cap, duration: formatDuration(pace.durationMs) };
  }
  const { stages, arrivals } = pace;
  const [first] = stages;
  if (first !== undefined && stages.length === 1 && first.fromRps === first.toRps) {
    return { pace: 'rate', arrivals, rps: String(first.fromRps), duration: formatDuration(first.durationMs) };
  }
  const rows = stages.map(({ fromRps, toRps, durationMs }) => ({
    from: String(fromRps),
    to: String(toRps),
    duration: formatDuration(durationMs),
  }));
  return { pace: 'stages', arrivals, stages: rows };
}

/** A plan has every default written out. What is as it would be anyway stays empty, or the badges would count it. */
function unlessDefault(plan: LoadPlan): Partial<PlanForm> {
  const usual = defaultPlan(plan);
  const number = (value: number, other: number | undefined) => (value === other ? '' : String(value));
  const duration = (value: number, other: number | undefined) => (value === other ? '' : formatDuration(value));
  const method = plan.requests[0]?.method ?? '';
  return {
    method: method === usual?.requests[0]?.method ? '' : method,
    warmUp: duration(plan.warmUpMs, usual?.warmUpMs),
    connections: number(plan.connections.count, usual?.connections.count),
    streams: number(plan.connections.streamsPerConnection, usual?.connections.streamsPerConnection),
    timeout: duration(plan.timeoutMs, usual?.timeoutMs),
    connectTimeout: duration(plan.connections.connectTimeoutMs, usual?.connections.connectTimeoutMs),
    workers: plan.workers === 1 ? '' : String(plan.workers),
  };
}

/** The plan that the same pace, protocol and body would have had without anything else said. */
function defaultPlan(plan: LoadPlan): LoadPlan | undefined {
  const [request] = plan.requests;
  const { pace } = plan;
  const said =
    pace.kind === 'open'
      ? { stages: pace.stages }
      : { closed: true, rps: pace.maxRps ?? ('max' as const), durationMs: pace.durationMs };
  try {
    return completePlan(
      { ...said, protocol: plan.protocol, maxRequests: plan.maxRequests, requests: [{ body: request?.body ?? null }] },
      request?.url ?? '',
      { cores: plan.workers + 1, seed: plan.seed },
    );
  } catch {
    // Made by a version with other limits: then everything is written out.
    return undefined;
  }
}

function criteriaOf(criteria: readonly CriterionOutcome[]): Partial<PlanForm> {
  const fields: Partial<Record<'p50' | 'p99' | 'errors' | 'achieved', string>> = {};
  for (const { metric, limit } of criteria) {
    if (metric === 'responseP50Ms') fields.p50 = formatDuration(limit);
    if (metric === 'responseP99Ms') fields.p99 = formatDuration(limit);
    if (metric === 'errorPercent') fields.errors = String(limit);
    if (metric === 'achievedPercent') fields.achieved = String(limit);
  }
  return fields;
}
