import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server does with each stream; `request` counts over all connections. */
export type Serve = (stream: ServerHttp2Stream, request: number, headers: IncomingHttpHeaders) => void;

/** A server of HTTP/2 without TLS, gone after the test with all its connections. Answers with its URL. */
export async function http2Server(serve: Serve, options: ServerOptions = {}): Promise<string> {
  const sessions = new Set<ServerHttp2Session>();
  let requests = 0;
  const server = createServer(options);
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    serve(stream, requests, headers);
    requests += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
