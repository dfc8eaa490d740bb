import type { RunRequest } from '@meshwise/api';
import type { LoadInput, LoadStage } from '@meshwise/load';
import type { Criterion } from '@meshwise/performance';
import type { PlanField, PlanForm } from './plan-form.ts';
import { type NumberLimits, type Reading, readDuration, readNumber } from './quantity.ts';
import { isUrl, targetText } from './target.ts';

export type FieldProblems = Readonly<Partial<Record<PlanField, string>>>;

export interface ReadForm {
  /** What to ask the daemon for; it is complete only when there are no problems. */
  readonly request: RunRequest;
  readonly problems: FieldProblems;
}

const RATE: NumberLimits = { min: 0.001, max: 10_000_000 };
const PERCENT: NumberLimits = { min: 0, max: 100 };

/** Reads the fields. What is wrong is said beside its field and left out of the request. */
export function readForm(form: PlanForm): ReadForm {
  const problems: Partial<Record<PlanField, string>> = {};
  const take = <T>(field: PlanField, reading: Reading<T>): T | undefined => {
    if (!('problem' in reading)) return reading.value;
    problems[field] = reading.problem;
    return undefined;
  };
  const number = (field: TextField, limits: NumberLimits) => take(field, readNumber(form[field], limits));
  const duration = (field: TextField, atLeastMs = 0) => take(field, readDuration(form[field], atLeastMs));

  if (form.target.trim() === '') problems.target = 'Choose a service, or type a URL';
  if (form.compare && isUrl(form.target)) problems.compare = 'Only a service of the mesh has sidecars to compare';
  const target = targetText(form.target, form.path);
  const load: LoadInput = withoutUndefined({
    ...paceOf(form, problems, take),
    ...requestOf(form, problems),
    protocol: form.protocol === 'http1' ? undefined : form.protocol,
    warmUpMs: duration('warmUp'),
    connections: number('connections', { min: 1, max: 65_536, whole: true }),
    streamsPerConnection: number('streams', { min: 1, max: 1_024, whole: true }),
    keepAlive: form.keepAlive ? undefined : false,
    burst: form.burst ? true : undefined,
    timeoutMs: duration('timeout', 1),
    connectTimeoutMs: duration('connectTimeout', 1),
    maxRequests: number('limit', { min: 1, whole: true }),
    workers: number('workers', { min: 1, max: 64, whole: true }),
    seed: number('seed', { min: 0, max: 0xffff_ffff, whole: true }),
    abort: abortOf(number('abortErrors', PERCENT), duration('abortP99')),
    tls: tlsOf(form),
  });
  const criteria = [
    criterion('responseP50Ms', duration('p50')),
    criterion('responseP99Ms', duration('p99')),
    criterion('errorPercent', number('errors', PERCENT)),
    criterion('achievedPercent', number('achieved', PERCENT)),
  ].flat();
  const rounds = number('rounds', { min: 2, max: 1_000, whole: true });
  const blockMs = duration('block', 1_000);
  const request: RunRequest = withoutUndefined({
    target,
    from: form.from === '' ? undefined : form.from,
    name: form.name.trim() === '' ? undefined : form.name.trim(),
    load,
    criteria: criteria.length === 0 ? undefined : criteria,
    compareMesh: form.compare ? withoutUndefined({ rounds, blockMs }) : undefined,
    yes: form.yes ? true : undefined,
  });
  return { request, problems };
}

type TextField = { [Field in PlanField]: PlanForm[Field] extends string ? Field : never }[PlanField];
type Take = <T>(field: PlanField, reading: Reading<T>) => T | undefined;
type Problems = Partial<Record<PlanField, string>>;

function paceOf(form: PlanForm, problems: Problems, take: Take): LoadInput {
  if (form.pace === 'stages') return { ...stagesOf(form, problems), ...arrivalsOf(form) };
  const durationMs = take('duration', readDuration(form.duration, 100));
  if (form.pace === 'closed') {
    const cap = take('cap', readNumber(form.cap, RATE));
    return withoutUndefined({ rps: cap ?? ('max' as const), closed: true, durationMs });
  }
  const rps = take('rps', readNumber(form.rps, RATE));
  if (rps === undefined) problems.rps ??= 'Requests per second';
  return withoutUndefined({ rps, durationMs, ...arrivalsOf(form) });
}

function arrivalsOf(form: PlanForm): LoadInput {
  return form.arrivals === 'constant' ? {} : { arrivals: form.arrivals };
}

function stagesOf(form: PlanForm, problems: Problems): LoadInput {
  const stages = form.stages.map((row): LoadStage | undefined => {
    const [from, to, duration] = [
      readNumber(row.from, { min: 0 }),
      readNumber(row.to, { min: 0 }),
      readDuration(row.duration, 1),
    ];
    if ('problem' in from || 'problem' in to || 'problem' in duration) return undefined;
    if (from.value === undefined || to.value === undefined || duration.value === undefined) return undefined;
    return { fromRps: from.value, toRps: to.value, durationMs: duration.value };
  });
  const good = stages.filter((stage) => stage !== undefined);
  if (good.length < stages.length || good.length === 0)
    problems.stages = 'Each stage takes two rates and a time: 0, 500, 30s';
  return good.length === 0 ? {} : { stages: good };
}

function requestOf(form: PlanForm, problems: Problems): LoadInput {
  const headers = form.headers.filter(({ name, value }) => name.trim() !== '' || value !== '');
  if (headers.some(({ name }) => !TOKEN.test(name.trim())))
    problems.headers = 'A header name is letters, digits and dashes';
  const method = form.method.trim();
  if (method !== '' && !TOKEN.test(method)) problems.method = 'GET, POST, …';
  const request = withoutUndefined({
    method: method === '' ? undefined : method.toUpperCase(),
    headers:
      headers.length === 0 ? undefined : headers.map(({ name, value }): [string, string] => [name.trim(), value]),
    body: form.body === '' ? undefined : { encoding: 'utf8' as const, content: form.body },
  });
  return Object.keys(request).length === 0 ? {} : { requests: [request] };
}

/** `token` of RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function abortOf(errorPercent: number | undefined, responseP99Ms: number | undefined): LoadInput['abort'] {
  if (errorPercent === undefined && responseP99Ms === undefined) return undefined;
  return withoutUndefined({ errorPercent, responseP99Ms });
}

function tlsOf(form: PlanForm): LoadInput['tls'] {
  const text = (value: string) => (value.trim() === '' ? undefined : value.trim());
  const tls = withoutUndefined({
    verify: form.verify ? undefined : false,
    serverName: text(form.serverName),
    ca: text(form.ca),
    certificate: text(form.certificate),
    key: text(form.key),
  });
  return Object.keys(tls).length === 0 ? undefined : tls;
}

function criterion(metric: Criterion['metric'], limit: number | undefined): Criterion[] {
  return limit === undefined ? [] : [{ metric, limit }];
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Optional fields of the contract are absent or set, never undefined. */
function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
