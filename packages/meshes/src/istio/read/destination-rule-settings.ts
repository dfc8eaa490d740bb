import { type ConnectionPool, defined, type FieldReader, type TrafficSettings } from '@meshwise/model';
import { readCount } from './counts.ts';
import { readBalancer } from './destination-rule-balancer.ts';
import { readOutlierDetection } from './destination-rule-outliers.ts';
import { readConnectionPool } from './destination-rule-pool.ts';
import { type ClientTlsContext, readClientTls } from './destination-rule-tls.ts';
import { PORTS, readDurationMs, readWhole, readWholePercent } from './numbers.ts';

type PortSettings = NonNullable<TrafficSettings['ports']>[number];

/** A `trafficPolicy`, of the rule or of a subset. */
export function readTrafficPolicy(field: FieldReader, context: ClientTlsContext): TrafficSettings {
  const tunnel = readTunnel(field.object('tunnel'));
  const proxyProtocol = readProxyProtocol(field.object('proxyProtocol'));
  const isBoth = tunnel !== undefined && proxyProtocol !== undefined;
  if (isBoth) field.invalid('proxyProtocol', 'cannot be used together with tunnel');
  const settings = defined({
    ...readBlocks(field, context),
    retryBudget: readRetryBudget(field.object('retryBudget')),
    tunnel,
    proxyProtocol: isBoth ? undefined : proxyProtocol,
    ports: readPorts(field, context),
  });
  field.rest();
  return settings;
}

/** What may stand at a port too. */
function readBlocks(field: FieldReader, context: ClientTlsContext) {
  const pool = field.object('connectionPool');
  const outliers = field.object('outlierDetection');
  const balancer = field.object('loadBalancer');
  return {
    tls: readClientTls(field.object('tls'), context),
    loadBalancer: balancer === undefined ? undefined : readBalancer(balancer),
    outlierDetection: outliers === undefined ? undefined : readOutlierDetection(outliers),
    connectTimeoutMs: undefined,
    connectionPool: undefined,
    ...(pool === undefined ? {} : readConnectionPool(pool)),
  } satisfies { [K in keyof TrafficSettings]: TrafficSettings[K] | undefined };
}

function readPorts(field: FieldReader, context: ClientTlsContext): readonly PortSettings[] | undefined {
  const ports = new Map<number, PortSettings>();
  for (const entry of field.list('portLevelSettings')) {
    const selector = entry.object('port');
    const port = selector === undefined ? undefined : readWhole(selector, 'number', PORTS);
    if (port === undefined) {
      entry.invalid('port', 'needs a number');
      continue;
    }
    if (ports.has(port)) {
      entry.invalid('port', `is there twice: the first settings of port ${port} hold`);
      continue;
    }
    ports.set(port, { port, settings: defined(readBlocks(entry, context)) });
    selector?.rest();
    entry.rest();
  }
  return ports.size === 0 ? undefined : [...ports.values()];
}

function readTunnel(field: FieldReader | undefined): TrafficSettings['tunnel'] {
  const host = field?.string('targetHost');
  const port = field === undefined ? undefined : readWhole(field, 'targetPort', PORTS);
  const method = field?.string('protocol') || 'CONNECT';
  field?.rest();
  if (field === undefined) return undefined;
  if (method !== 'CONNECT' && method !== 'POST') {
    field.invalid('protocol', 'is neither CONNECT nor POST');
    return undefined;
  }
  if (host === undefined || host === '' || port === undefined) {
    field.invalid(undefined, 'needs a targetHost and a targetPort');
    return undefined;
  }
  return { method, host, port };
}

function readProxyProtocol(field: FieldReader | undefined): TrafficSettings['proxyProtocol'] {
  const version = field?.string('version') ?? 'V1';
  field?.rest();
  if (field === undefined) return undefined;
  if (version === 'V1' || version === 'V2') return version === 'V1' ? 'v1' : 'v2';
  field.invalid('version', 'is neither V1 nor V2');
  return undefined;
}

/** Istio's defaults: a fifth of the active requests, and three at any rate. */
function readRetryBudget(field: FieldReader | undefined): ConnectionPool['retryBudget'] {
  if (field === undefined) return undefined;
  const budget = defined({
    percent: readWholePercent(field, 'percent') ?? 20,
    minConcurrency: readCount(field, 'minRetryConcurrency') ?? 3,
    intervalMs: readDurationMs(field, 'budgetInterval') || undefined,
  });
  field.rest();
  return budget;
}
