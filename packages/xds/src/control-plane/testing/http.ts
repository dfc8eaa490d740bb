import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { Server as NetServer } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a test program says of each request it gets. */
export interface Echo {
  readonly program: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers with what it got: `/slow` late, an upgrade with the bytes that follow it. */
export async function startProgram(name: string, address: string, port: number): Promise<Server> {
  const server = createServer((incoming, response) => {
    const echo: Echo = { program: name, url: incoming.url ?? '', headers: incoming.headers };
    setTimeout(() => response.end(JSON.stringify(echo)), incoming.url === '/slow' ? SLOW_MS : 0);
  });
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await listening(server, address, port);
  return server;
}

const SLOW_MS = 2_000;

/** The same over HTTP/2 without TLS and without upgrade, as gRPC servers speak it. */
export async function startHttp2Program(name: string, address: string, port: number): Promise<Http2Server> {
  const server = createHttp2Server();
  server.on('stream', (stream, headers) => {
    const echo: Echo = { program: name, url: headers[':path'] ?? '', headers };
    stream.respond({ ':status': 200 });
    stream.end(JSON.stringify(echo));
  });
  await listening(server, address, port);
  return server;
}

function listening(server: NetServer, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** One request on a connection of its own. A connection that breaks rejects. */
export function call(address: string, port: number, path: string, options: CallOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: address, port, path, method: options.method ?? 'GET', headers: { ...options.headers }, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** The same through an explicit proxy: the absolute form of RFC 9112, 3.2.2. */
export function callThrough(proxyIp: string, url: string, options: CallOptions = {}): Promise<Answer> {
  const { host } = new URL(url);
  return call(proxyIp, 15_002, url, { ...options, headers: { host, ...options.headers } });
}

export function echoOf(answer: Answer): Echo {
  return JSON.parse(answer.body) as Echo;
}

/** Tries until it holds; fails with the last error when it does not within the time. */
export async function eventually<Value>(attempt: () => Promise<Value>, withinMs = 10_000): Promise<Value> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
