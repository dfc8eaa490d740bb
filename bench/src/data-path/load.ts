import { percentile } from '../stats/percentile.ts';
import { HttpConnection, type Target } from './http-connection.ts';

export interface LoadOptions {
  readonly target: Target;
  readonly connections: number;
  readonly durationMs: number;
  /** Requests per second, each at its own time whatever became of those before; absent: as many as go through. */
  readonly ratePerS?: number;
}

export interface LoadResult {
  readonly completed: number;
  readonly errors: number;
  /** Requests that found no free connection when their time had come. Their wait counts as latency. */
  readonly queued: number;
  readonly elapsedMs: number;
  /** Milliseconds from the time a request was meant to be sent. */
  readonly latency: { readonly p50: number; readonly p90: number; readonly p99: number };
}

/** The event loop may sleep until so shortly before the next request; from there on it only polls. */
const POLL_AHEAD_MS = 1.2;

export async function generateLoad(options: LoadOptions): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: options.connections }, () => HttpConnection.open(options.target)),
  );
  // The first request of a connection also makes the proxies' connections and handshakes.
  await Promise.all(connections.map((connection) => new Promise((resolve) => connection.send(resolve))));
  const startMs = performance.now();
  const { ratePerS } = options;
  const run =
    ratePerS === undefined
      ? await closedLoop(connections, startMs + options.durationMs)
      : await openLoop(connections, startMs, ratePerS, options.durationMs);
  const elapsedMs = performance.now() - startMs;
  for (const connection of connections) connection.close();
  const { latencies, errors, queued } = run;
  return {
    completed: latencies.length,
    errors,
    queued,
    elapsedMs,
    latency: { p50: percentile(latencies, 0.5), p90: percentile(latencies, 0.9), p99: percentile(latencies, 0.99) },
  };
}

interface Run {
  readonly latencies: readonly number[];
  readonly errors: number;
  readonly queued: number;
}

function openLoop(
  connections: readonly HttpConnection[],
  startMs: number,
  ratePerS: number,
  durationMs: number,
): Promise<Run> {
  const total = Math.round((ratePerS * durationMs) / 1_000);
  const latencies: number[] = [];
  const waiting: number[] = [];
  let errors = 0;
  let queued = 0;
  let due = 0;
  let settled = 0;
  return new Promise((resolve) => {
    const send = (connection: HttpConnection, intendedMs: number) =>
      connection.send((status) => {
        if (status === 200) latencies.push(performance.now() - intendedMs);
        else errors += 1;
        settled += 1;
        const next = waiting.shift();
        if (next !== undefined) send(connection, next);
        else if (settled === total) resolve({ latencies, errors, queued });
      });
    const turn = () => {
      const nowMs = performance.now();
      for (; due < total && startMs + (due * 1_000) / ratePerS <= nowMs; due += 1) {
        const intendedMs = startMs + (due * 1_000) / ratePerS;
        const free = connections.find(({ isFree }) => isFree);
        if (free !== undefined) send(free, intendedMs);
        else {
          queued += 1;
          waiting.push(intendedMs);
        }
      }
      if (due === total) return;
      const aheadMs = startMs + (due * 1_000) / ratePerS - nowMs;
      if (aheadMs > POLL_AHEAD_MS) setTimeout(turn, aheadMs - POLL_AHEAD_MS);
      else setImmediate(turn);
    };
    turn();
  });
}

async function closedLoop(connections: readonly HttpConnection[], untilMs: number): Promise<Run> {
  const latencies: number[] = [];
  let errors = 0;
  const loop = (connection: HttpConnection) =>
    new Promise<void>((resolve) => {
      const again = () => {
        const startMs = performance.now();
        if (startMs >= untilMs) return resolve();
        connection.send((status) => {
          if (status === 200) latencies.push(performance.now() - startMs);
          else errors += 1;
          if (status === 0) resolve();
          else again();
        });
      };
      again();
    });
  await Promise.all(connections.map(loop));
  return { latencies, errors, queued: 0 };
}
