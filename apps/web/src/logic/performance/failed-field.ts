import type { Failure } from '../failure.ts';
import type { PlanField, PlanForm } from './plan-form.ts';

/** What each refusal is about, whatever the request was. */
const BY_CODE: Readonly<Record<string, PlanField>> = {
  MW8002: 'target',
  MW8003: 'target',
  MW8004: 'yes',
  MW8006: 'compare',
};

/** Names of the contract and of the command line, and where the form asks for them. */
const BY_NAME: Readonly<Record<string, PlanField>> = {
  target: 'target',
  url: 'target',
  path: 'path',
  from: 'from',
  name: 'name',
  rps: 'rps',
  maxRps: 'cap',
  closed: 'pace',
  stages: 'stages',
  arrivals: 'arrivals',
  durationMs: 'duration',
  duration: 'duration',
  warmUpMs: 'warmUp',
  'warm-up': 'warmUp',
  connections: 'connections',
  protocol: 'protocol',
  method: 'method',
  headers: 'headers',
  header: 'headers',
  body: 'body',
  criteria: 'p99',
  compareMesh: 'compare',
  rounds: 'rounds',
  blockMs: 'block',
  block: 'block',
  yes: 'yes',
  streamsPerConnection: 'streams',
  streams: 'streams',
  keepAlive: 'keepAlive',
  burst: 'burst',
  timeoutMs: 'timeout',
  timeout: 'timeout',
  connectTimeoutMs: 'connectTimeout',
  maxRequests: 'limit',
  workers: 'workers',
  seed: 'seed',
  abort: 'abortErrors',
  errorPercent: 'abortErrors',
  responseP99Ms: 'abortP99',
  tls: 'ca',
  verify: 'verify',
  serverName: 'serverName',
  ca: 'ca',
  certificate: 'certificate',
  cert: 'certificate',
  key: 'key',
};

/** The field beside which a refusal belongs: the last part of `load.requests[0].headers` that the form knows. */
export function failedField(failure: Failure, form: Pick<PlanForm, 'pace'>): PlanField | undefined {
  const parts = (failure.field ?? '').replace(/^--/, '').split(/[./[\]]+/);
  const known = parts.map((part) => (Object.hasOwn(BY_NAME, part) ? BY_NAME[part] : undefined));
  const found = known.findLast((field) => field !== undefined);
  if (found === 'rps' && form.pace === 'closed') return 'cap';
  return found ?? (failure.code === undefined ? undefined : BY_CODE[failure.code]);
}
