import { Agent, type IncomingMessage, request } from 'node:http';
import type { ErrorResponse } from '@meshwise/api';
import { CATALOGUE, type Clock, type ErrorCode, MeshwiseError } from '@meshwise/core';

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Ends the call, also while its answer streams. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the head of the answer; null for ever, since a stream's head may come with its first line. Default 60 s. */
  readonly timeoutMs?: number | null;
}

export interface Endpoint {
  readonly api: string;
  readonly token: string;
  readonly clock: Clock;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** One connection per call, and the agent of our own keeps proxy variables out: the API is on loopback. */
const agent = new Agent({ keepAlive: false });

/** Sends a call and gives the answer's head with its body unread. An answer that is not 2xx becomes a MeshwiseError. */
export async function open(endpoint: Endpoint, call: Call): Promise<IncomingMessage> {
  const response = await send(endpoint, call);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw errorOf(status, await readText(response));
}

/** Sends a call and parses its whole answer as JSON. */
export async function callJson<T>(endpoint: Endpoint, call: Call): Promise<T> {
  const text = await readText(await open(endpoint, call));
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new MeshwiseError('MW6003', `the answer from ${endpoint.api} is not JSON`, {}, { cause });
  }
}

function send(endpoint: Endpoint, call: Call): Promise<IncomingMessage> {
  const url = new URL(call.path, endpoint.api);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: call.method,
      agent,
      headers: {
        authorization: `Bearer ${endpoint.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
      },
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    const timeoutMs = call.timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : call.timeoutMs;
    const cancel =
      timeoutMs === null
        ? () => {}
        : endpoint.clock.after(timeoutMs, () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    outgoing.on('response', (response) => {
      cancel();
      resolve(response);
    });
    outgoing.on('error', (cause) => {
      cancel();
      reject(unreachable(endpoint.api, cause));
    });
    outgoing.end(body);
  });
}

export async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

export function unreachable(api: string, cause: Error): MeshwiseError {
  const refused = (cause as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  const reason = refused ? 'nothing listens there' : cause.message;
  return new MeshwiseError('MW6003', `the daemon does not answer at ${api}: ${reason}`, {}, { cause });
}

/** The daemon's own error with its code and advice; what is not in the catalogue came from something else. */
function errorOf(status: number, text: string): MeshwiseError {
  try {
    const body = JSON.parse(text) as Partial<ErrorResponse>;
    if (typeof body.code === 'string' && isCode(body.code) && typeof body.message === 'string') {
      return new MeshwiseError(body.code, body.message, typeof body.advice === 'string' ? { advice: body.advice } : {});
    }
  } catch {
    // Not our API.
  }
  return new MeshwiseError('MW6003', `the daemon answered ${status} in a way this CLI does not know`);
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(CATALOGUE, code);
}
