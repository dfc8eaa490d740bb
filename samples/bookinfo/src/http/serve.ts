/**
 * Listening and leaving, the same for every service of the sample.
 *
 * Idle connections: a sidecar keeps pooled connections to the program for up to an hour (Envoy's default). Node's own
 * five seconds would close them under the sidecar's hands and turn the race into a 503, so the program waits longer than
 * the proxy does.
 *
 * Leaving: on SIGTERM the program stops accepting, closes connections that carry no request, lets requests in flight
 * finish with `connection: close`, and ends with 0. After `graceMs` whatever is left is cut.
 */
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { logLine } from './log.ts';
import { sendJson } from './reply.ts';

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void> | void;

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface RunningServer extends ListenAddress {
  /** Stops gracefully; resolves when every connection is closed. Default 5,000 ms of grace. */
  readonly close: (graceMs?: number) => Promise<void>;
}

const defaultPort = 9080;
const idleConnectionMs = 65 * 60_000;
const defaultGraceMs = 5_000;

/** The port is the first argument, else `PORT`, else 9080; the host is `HOST`, else every IPv4 address. */
export function listenAddress(args: readonly string[], env: NodeJS.ProcessEnv): ListenAddress {
  const text = args[0] ?? env['PORT'] ?? String(defaultPort);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`not a port: ${text}`);
  return { host: env['HOST'] || '0.0.0.0', port };
}

export async function listen(handler: Handler, address: ListenAddress): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const busy = new Map<Socket, http.ServerResponse>();
  let leaving = false;

  const server = http.createServer({ keepAliveTimeout: idleConnectionMs }, (request, response) => {
    busy.set(request.socket, response);
    response.once('close', () => busy.delete(request.socket));
    if (leaving) response.setHeader('connection', 'close');
    void answer(handler, request, response);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => resolve());
  });

  const close = (graceMs = defaultGraceMs): Promise<void> =>
    new Promise((resolve) => {
      leaving = true;
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      for (const socket of sockets) {
        const response = busy.get(socket);
        if (!response) socket.destroy();
        else if (!response.headersSent) response.setHeader('connection', 'close');
      }
    });
  return { host: address.host, port: (server.address() as AddressInfo).port, close };
}

/** Runs one service as a process: one line when it listens, exit 0 on SIGTERM or SIGINT, exit 1 when it cannot start. */
export async function runService(service: string, createHandler: () => Handler): Promise<void> {
  // Before the line that says it listens: whoever reads that line may stop the program at once.
  const toldToLeave = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  try {
    const server = await listen(createHandler(), listenAddress(process.argv.slice(2), process.env));
    logLine('info', 'listening', { service, host: server.host, port: server.port });
    await toldToLeave;
    await server.close();
    process.exit(0);
  } catch (error) {
    logLine('error', 'could not start', { service, error: String(error) });
    process.exit(1);
  }
}

async function answer(handler: Handler, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  try {
    await handler(request, response);
  } catch (error) {
    logLine('error', 'request failed', { method: request.method, url: request.url, error: String(error) });
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { error: 'internal error' });
  }
}
