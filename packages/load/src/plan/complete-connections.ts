import { completeReuse } from './complete-reuse.ts';
import { impossible } from './impossible.ts';
import type { LoadInput } from './input.ts';
import type { LoadConnections, LoadPace } from './plan.ts';
import { checkResolve } from './resolve.ts';
import { peakRps } from './schedule.ts';

const CONNECTIONS = { http1: 16, http2: 4, grpc: 4 };
const STREAMS = { http1: 1, http2: 8, grpc: 8 };
const CONNECT_TIMEOUT_MS = 5_000;
/** `sun_path` of Linux has 108 bytes, one of them for the end. */
const MAX_SOCKET_PATH_BYTES = 107;

/**
 * 16 connections, with HTTP/2 4 of 8 requests at a time; fewer where not even one request per second would be left for each.
 */
export function completeConnections(input: LoadInput, pace: LoadPace, target: URL): LoadConnections {
  const protocol = input.protocol ?? 'http1';
  const streamsPerConnection = input.streamsPerConnection ?? STREAMS[protocol];
  if (protocol === 'http1' && streamsPerConnection > 1) {
    const found = `${streamsPerConnection} with HTTP/1.1`;
    throw impossible('streamsPerConnection', 'one connection carries one request at a time', { found, expected: '1' });
  }
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, unixSocketPath = null, resolve = [] } = input;
  if (connectTimeoutMs <= 0) {
    throw impossible('connectTimeoutMs', 'no connection is open at once', { found: '0', expected: 'more than 0' });
  }
  if (unixSocketPath !== null) checkSocketPath(unixSocketPath, resolve.length > 0);
  checkResolve(resolve, target);
  const demand = pace.kind === 'open' ? Math.ceil(peakRps(pace.stages)) : Infinity;
  return {
    count: input.connections ?? Math.max(1, Math.min(CONNECTIONS[protocol], demand, input.maxRequests ?? Infinity)),
    streamsPerConnection,
    burst: input.burst ?? false,
    requestsPerConnection: completeReuse(input),
    connectTimeoutMs,
    unixSocketPath,
    resolve,
  };
}

function checkSocketPath(path: string, resolves: boolean): void {
  if (!path.startsWith('/')) {
    throw impossible('unixSocketPath', 'not an absolute path', { found: path, expected: '/path/of/the.sock' });
  }
  const bytes = new TextEncoder().encode(path).length;
  if (bytes > MAX_SOCKET_PATH_BYTES || path.includes('\0')) {
    throw impossible('unixSocketPath', 'no socket has this path', { found: `${bytes} bytes`, expected: 'at most 107' });
  }
  if (resolves) throw impossible('resolve', 'a Unix socket has no address', { expected: 'one or the other' });
}
