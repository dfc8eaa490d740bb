import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { failure } from './failure.ts';

const MAX_REDIRECTS = 5;

/** A raw connection to a host that the machine itself cannot reach; undefined for every other host. */
export type ConnectInside = (host: string, port: number, timeoutMs: number) => Promise<Socket | undefined>;

export interface GetOptions {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly connectInside?: ConnectInside;
}

export interface TextResponse {
  readonly text: string;
  /** `max-age` of Cache-Control (RFC 9111, 5.2.2.1). */
  readonly maxAgeMs?: number;
}

/**
 * The text at an http or https address. Follows a few redirects, never from https to http; reads no more than `maxBytes`.
 * Throws MW4101.
 */
export async function getText(address: string, options: GetOptions): Promise<TextResponse> {
  let url = parseUrl(address);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await get(url, options);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy();
      const next = parseUrl(headers.location, url);
      if (url.protocol === 'https:' && next.protocol !== 'https:')
        throw failure(address, 'it redirects from https to http');
      url = next;
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw failure(address, `it answers ${statusCode}`);
    }
    const text = await bodyOf(response, address, options.maxBytes);
    const maxAge = /(?:^|[,\s])max-age=(\d{1,9})/.exec(headers['cache-control'] ?? '')?.[1];
    return { text, ...(maxAge === undefined ? {} : { maxAgeMs: Number(maxAge) * 1_000 }) };
  }
  throw failure(address, `it redirects more than ${MAX_REDIRECTS} times`);
}

async function get(url: URL, { timeoutMs, connectInside }: GetOptions): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const inside = await connectInside?.(url.hostname, port, timeoutMs);
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)(url, {
      headers: { accept: 'application/json', 'user-agent': 'meshwise' },
      signal,
      ...(inside === undefined
        ? { agent: false }
        : { createConnection: () => (isSecure ? connectTls({ socket: inside, servername: url.hostname }) : inside) }),
    });
    request.on('response', resolve);
    request.on('error', (error) => {
      inside?.destroy();
      const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : error.message;
      reject(failure(url.href, reason, error));
    });
    request.end();
  });
}

async function bodyOf(response: IncomingMessage, address: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw failure(address, 'the answer was cut off', cause);
  }
  if (size > maxBytes) throw failure(address, `the answer is longer than ${maxBytes} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw failure(text, 'it is no http or https address');
  return url;
}
