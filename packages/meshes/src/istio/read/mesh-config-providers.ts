import type { FieldReader, TelemetryProvider } from '@meshwise/model';
import { isFormat, readLogFormat, readOutput } from './mesh-config-access-log.ts';

const DEFAULT_OUTPUT = '/dev/stdout';

type Read = (field: FieldReader, name: string) => TelemetryProvider | undefined;

const kinds: Readonly<Record<string, Read>> = {
  envoyFileAccessLog: readFile,
  envoyOtelAls: readOtlpLogs,
  opentelemetry: readOtlpTraces,
  zipkin: readZipkin,
  prometheus: (_, name) => ({ kind: 'prometheus', name }),
};

/** One of MeshConfig's `extensionProviders`; others than those of telemetry are reported. */
export function readProvider(field: FieldReader): TelemetryProvider | undefined {
  const name = field.string('name');
  if (name === undefined || name === '') {
    field.invalid('name', 'is missing');
    return undefined;
  }
  const kind = Object.keys(kinds).find((candidate) => field.has(candidate));
  const provider = kind === undefined ? undefined : field.object(kind);
  const found = kind === undefined || provider === undefined ? undefined : kinds[kind]?.(provider, name);
  provider?.rest();
  field.rest();
  return found;
}

function readFile(field: FieldReader, name: string): TelemetryProvider | undefined {
  const path = (field.string('path') ?? '') === '' ? DEFAULT_OUTPUT : readOutput(field, 'path');
  const format = readLogFormat(field.object('logFormat'));
  return path === undefined ? undefined : { kind: 'file', name, path, ...format };
}

function readOtlpLogs(field: FieldReader, name: string): TelemetryProvider | undefined {
  const collector = readCollector(field);
  const logName = field.string('logName');
  const format = readOtlpFormat(field.object('logFormat'));
  if (collector === undefined) return undefined;
  return { kind: 'otlp-logs', name, ...collector, ...(logName === undefined ? {} : { logName }), ...format };
}

/** OpenTelemetry logs have a body and attributes; `labels` are the attributes (Istio, EnvoyOpenTelemetryLogProvider). */
function readOtlpFormat(field: FieldReader | undefined) {
  const text = field?.string('text');
  const labels = field?.stringMap('labels');
  field?.rest();
  if (!isFormat(text) || !isFormat(labels)) {
    field?.invalid(undefined, 'names variables that do not exist; the default text is written');
    return {};
  }
  return { ...(text === undefined || text === '' ? {} : { text }), ...(labels === undefined ? {} : { json: labels }) };
}

function readOtlpTraces(field: FieldReader, name: string): TelemetryProvider | undefined {
  const collector = readCollector(field);
  const http = field.object('http');
  const path = http?.string('path');
  http?.rest();
  // An empty message says what is the default.
  if (isEmptyObject(field.object('grpc')?.value)) field.ignore('grpc');
  else field.refuse('grpc');
  const limit = readTagLength(field);
  if (collector === undefined) return undefined;
  if (http === undefined) return { kind: 'otlp-traces', name, ...collector, ...limit };
  return {
    kind: 'otlp-traces',
    name,
    ...collector,
    path: path === undefined || path === '' ? '/v1/traces' : path,
    ...limit,
  };
}

function readZipkin(field: FieldReader, name: string): TelemetryProvider | undefined {
  const collector = readCollector(field);
  const path = field.string('path');
  const limit = readTagLength(field);
  if (collector === undefined) return undefined;
  return { kind: 'zipkin', name, ...collector, ...(path === undefined || path === '' ? {} : { path }), ...limit };
}

/** `service` is a host of the mesh, or `namespace/host`. */
function readCollector(field: FieldReader): { readonly host: string; readonly port: number } | undefined {
  const service = field.string('service');
  const port = field.number('port');
  const host = service?.slice(service.indexOf('/') + 1) ?? '';
  if (host !== '' && port !== undefined && Number.isInteger(port) && port > 0 && port <= 65_535) return { host, port };
  field.invalid(host === '' ? 'service' : 'port', 'is missing');
  return undefined;
}

function readTagLength(field: FieldReader): { readonly maxTagLength?: number } {
  const maxTagLength = field.number('maxTagLength');
  return maxTagLength === undefined || maxTagLength <= 0 ? {} : { maxTagLength };
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
