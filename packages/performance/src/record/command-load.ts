import { formatDuration, isSecretHeader, type LoadInput, type RequestInput, WITHHELD } from '@meshwise/load';
import { formatStages } from './stages-text.ts';

export interface LoadFlags {
  readonly flags: readonly string[];
  /** What `--requests /dev/stdin` is to read, when options cannot say it. */
  readonly requestsFile: string | undefined;
}

/** `LoadInput` as options of `meshwise perf run`. */
export function loadFlags(load: LoadInput): LoadFlags {
  const requests = load.requests ?? [];
  const [first] = requests;
  const bySingleFlags = requests.length === 0 || (requests.length === 1 && first !== undefined && isPlain(first));
  return {
    flags: [
      ...option('--protocol', load.protocol),
      ...(bySingleFlags ? requestFlags(first ?? {}) : ['--requests', '/dev/stdin']),
      ...paceFlags(load),
      ...connectionFlags(load),
      ...tlsFlags(load.tls ?? {}),
      ...limitFlags(load),
    ],
    requestsFile: bySingleFlags ? undefined : JSON.stringify(requests.map(withoutSecrets)),
  };
}

/** One that `--method`, `--header` and `--body` can say. A body that begins with `@` would name a file. */
function isPlain({ path, body }: RequestInput): boolean {
  if (path !== undefined) return false;
  return body === undefined || body === null || (body.encoding === 'utf8' && !body.content.startsWith('@'));
}

function requestFlags(request: RequestInput): string[] {
  const { method, headers, body } = withoutSecrets(request);
  return [
    ...option('--method', method),
    ...(headers ?? []).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...option('--body', body?.content),
  ];
}

function withoutSecrets(request: RequestInput): RequestInput {
  if (request.headers === undefined) return request;
  const headers = request.headers.map(([name, value]): [string, string] => [
    name,
    isSecretHeader(name) ? WITHHELD : value,
  ]);
  return { ...request, headers };
}

function paceFlags({ rps, closed, arrivals, stages, durationMs, maxRequests, warmUpMs }: LoadInput): string[] {
  return [
    ...option('--rps', rps),
    ...flag('--closed', closed === true),
    ...option('--arrivals', arrivals),
    ...option('--stages', stages === undefined ? undefined : formatStages(stages)),
    ...duration('--duration', durationMs),
    ...option('--requests-limit', maxRequests),
    ...duration('--warm-up', warmUpMs),
  ];
}

function connectionFlags(load: LoadInput): string[] {
  const reuse = load.requestsPerConnection;
  return [
    ...option('--connections', load.connections),
    ...option('--streams', load.streamsPerConnection),
    ...flag('--burst', load.burst === true),
    ...flag('--no-keep-alive', load.keepAlive === false),
    ...option('--reuse', reuse ? `${reuse.min}:${reuse.max}` : undefined),
    ...duration('--connect-timeout', load.connectTimeoutMs),
    ...option('--unix-socket', load.unixSocketPath),
    ...(load.resolve ?? []).flatMap(({ host, port, address }) => ['--resolve', `${host}:${port ?? '*'}:${address}`]),
  ];
}

/** A request has the texts; which files they came from nobody knows any more, so the names only say what belongs there. */
function tlsFlags({ verify, ca, certificate, key, serverName }: NonNullable<LoadInput['tls']>): string[] {
  return [
    ...flag('--insecure', verify === false),
    ...option('--ca', ca ? 'ca.pem' : undefined),
    ...option('--cert', certificate ? 'certificate.pem' : undefined),
    ...option('--key', key ? 'key.pem' : undefined),
    ...option('--server-name', serverName),
  ];
}

function limitFlags({ timeoutMs, workers, seed, abort, ...load }: LoadInput): string[] {
  return [
    ...duration('--timeout', timeoutMs),
    ...option('--workers', workers),
    ...option('--seed', seed),
    ...option('--abort-errors', abort?.errorPercent),
    ...duration('--abort-p99', abort?.responseP99Ms ?? undefined),
    ...duration('--abort-window', abort?.windowMs),
    ...option('--max-backlog', load.maxBacklog),
    ...option('--max-head-bytes', load.maxHeadBytes),
    ...option('--max-body-bytes', load.maxBodyBytes),
  ];
}

/** A value that looks like an option is tied to its name. */
function option(name: string, value: string | number | null | undefined): string[] {
  if (value === undefined || value === null) return [];
  return `${value}`.startsWith('-') ? [`${name}=${value}`] : [name, `${value}`];
}

function flag(name: string, isSet: boolean): string[] {
  return isSet ? [name] : [];
}

function duration(name: string, durationMs: number | undefined): string[] {
  return durationMs === undefined ? [] : [name, formatDuration(durationMs)];
}
