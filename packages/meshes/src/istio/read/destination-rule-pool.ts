import { type ConnectionPool, defined, type FieldReader, type TrafficSettings } from '@meshwise/model';
import { readCount } from './counts.ts';
import { readDurationMs } from './numbers.ts';

/** The largest values that Linux takes for TCP_KEEPCNT, TCP_KEEPIDLE and TCP_KEEPINTVL; above, no connection is made. */
const MAX_KEEPALIVE_PROBES = 127;
const MAX_KEEPALIVE_MS = 32_767_000;
/** RFC 9113, 5.1.1: stream numbers have 31 bits. */
const MAX_STREAMS = 0x7fff_ffff;

/** `connectionPool`. Absent limits are none, as Istio documents them (2^32-1). */
export function readConnectionPool(field: FieldReader): Pick<TrafficSettings, 'connectTimeoutMs' | 'connectionPool'> {
  const tcp = field.object('tcp');
  const http = field.object('http');
  const settings = defined({
    connectTimeoutMs: tcp === undefined ? undefined : readDurationMs(tcp, 'connectTimeout', 1),
    connectionPool: defined({ ...(tcp && readTcp(tcp)), ...(http && readHttp(http)) }),
  });
  tcp?.rest();
  http?.rest();
  field.rest();
  return settings;
}

function readTcp(field: FieldReader) {
  const keepalive = field.object('tcpKeepalive');
  return {
    maxConnections: readCount(field, 'maxConnections'),
    maxConnectionDurationMs: readDurationMs(field, 'maxConnectionDuration', 1),
    // Zero switches it off, so it is a value here.
    tcpIdleTimeoutMs: readDurationMs(field, 'idleTimeout'),
    tcpKeepalive: keepalive === undefined ? undefined : readKeepalive(keepalive),
  } satisfies { [K in keyof ConnectionPool]: ConnectionPool[K] | undefined };
}

function readKeepalive(field: FieldReader): NonNullable<ConnectionPool['tcpKeepalive']> {
  const duration = (name: string) => {
    const durationMs = readDurationMs(field, name, 1);
    if (durationMs === undefined || durationMs <= MAX_KEEPALIVE_MS) return durationMs;
    field.invalid(name, 'is longer than an operating system takes (32767s)');
    return undefined;
  };
  const keepalive = defined({
    probes: readCount(field, 'probes', MAX_KEEPALIVE_PROBES),
    timeMs: duration('time'),
    intervalMs: duration('interval'),
  });
  field.rest();
  return keepalive;
}

function readHttp(field: FieldReader) {
  const upgrade = field.string('h2UpgradePolicy') ?? 'DEFAULT';
  if (!['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'].includes(upgrade))
    field.invalid('h2UpgradePolicy', 'is none of DEFAULT, DO_NOT_UPGRADE, UPGRADE');
  const usesClientProtocol = field.boolean('useClientProtocol') === true;
  if (usesClientProtocol && upgrade === 'UPGRADE')
    field.invalid('h2UpgradePolicy', 'has no effect together with useClientProtocol');
  return {
    maxPendingRequests: readCount(field, 'http1MaxPendingRequests'),
    maxRequests: readCount(field, 'http2MaxRequests'),
    maxRequestsPerConnection: readCount(field, 'maxRequestsPerConnection'),
    maxRetries: readCount(field, 'maxRetries'),
    idleTimeoutMs: readDurationMs(field, 'idleTimeout', 1),
    maxConcurrentStreams: readCount(field, 'maxConcurrentStreams', MAX_STREAMS),
    http2Keepalive: readPings(field.object('http2KeepAlive')),
    upgradesToHttp2: upgrade === 'UPGRADE' && !usesClientProtocol ? true : undefined,
    usesClientProtocol: usesClientProtocol ? true : undefined,
  } satisfies { [K in keyof ConnectionPool]: ConnectionPool[K] | undefined };
}

function readPings(field: FieldReader | undefined): ConnectionPool['http2Keepalive'] {
  if (field === undefined) return undefined;
  const intervalMs = readDurationMs(field, 'interval', 1);
  const timeoutMs = readDurationMs(field, 'timeout', 1);
  field.rest();
  if (intervalMs !== undefined && timeoutMs !== undefined) return { intervalMs, timeoutMs };
  field.invalid(undefined, 'needs an interval and a timeout');
  return undefined;
}
