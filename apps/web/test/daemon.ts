import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { PATHS, type StatusView } from '@meshwise/api';

/** How the daemon answers a read of the status; `hang` never answers. */
export type Mode = 'ok' | 'hang' | 'failing' | 'unauthorised' | 'nonsense';

export const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'";
export const FAILURE = {
  code: 'MW2006',
  message: 'MW2006: the store cannot be opened',
  advice: 'Check that the state directory (`$MESHWISE_HOME`) exists and has free space.',
  details: {},
};

/** The status of an answer that never comes. */
export const HANGS = 0;

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Plays the daemon over real HTTP: the built page, the status, the stream and the login, as the contract has them. */
export class Daemon {
  mode: Mode = 'ok';
  /** Set: only requests with the session's cookie are answered. */
  token: string | undefined;
  status: StatusView;
  /** Plays what of the API is neither status nor stream; undefined for what it does not know. */
  route: ((request: ApiRequest) => ApiAnswer | undefined) | undefined;
  readonly resumedFrom: string[] = [];
  sessionRequests = 0;
  reads = 0;
  readonly #dist: string;
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  #eventId = 100;
  #port = 0;

  constructor(dist: string, status: StatusView) {
    this.#dist = dist;
    this.status = status;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** Listens, on the same port as before when it listened already. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops answering, as a daemon that was killed. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    this.#streams.clear();
    await closed;
  }

  publish(status: StatusView): void {
    this.status = status;
    this.#eventId += 1;
    for (const stream of this.#streams) this.#send(stream);
  }

  /** Sends an event of another kind than the status. */
  send(event: string, data: unknown): void {
    for (const stream of this.#streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #send(stream: ServerResponse): void {
    stream.write(`event: status\nid: ${this.#eventId}\ndata: ${JSON.stringify(this.status)}\n\n`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', POLICY);
    const path = new URL(request.url ?? '/', this.origin).pathname;
    if (path === PATHS.session) return this.#openSession(request, response);
    if (path.startsWith('/api/') && !(await this.#answerRoute(request, response))) {
      return this.#answerApi(path, request, response);
    }
    if (path.startsWith('/api/')) return;
    await this.#serveFile(path, response);
  }

  async #openSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.sessionRequests += 1;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const sent: unknown = JSON.parse(body);
    const right = typeof sent === 'object' && sent !== null && Reflect.get(sent, 'token') === this.token;
    if (right) response.setHeader('set-cookie', 'meshwise=1; HttpOnly; SameSite=Strict; Path=/');
    response.writeHead(right ? 204 : 401).end();
  }

  async #answerRoute(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (this.mode !== 'ok' || this.route === undefined) return false;
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? '/', this.origin);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const answer = this.route({ method: request.method ?? 'GET', url, body });
    if (answer === undefined) return false;
    if (answer.status !== HANGS) json(response, answer.status, answer.body);
    return true;
  }

  #answerApi(path: string, request: IncomingMessage, response: ServerResponse): void {
    const refused = this.token !== undefined && !(request.headers.cookie ?? '').includes('meshwise=1');
    if (path === PATHS.status) this.reads += 1;
    if (refused || this.mode === 'unauthorised') json(response, 401, { ...FAILURE, message: 'No session' });
    else if (this.mode === 'failing') json(response, 500, FAILURE);
    else if (this.mode === 'nonsense') json(response, 200, { hello: 'world' });
    else if (this.mode === 'ok' && path === PATHS.status) json(response, 200, this.status);
    else if (this.mode === 'ok' && path === PATHS.stream) this.#openStream(request, response);
    else if (this.mode === 'ok') json(response, 404, FAILURE);
  }

  #openStream(request: IncomingMessage, response: ServerResponse): void {
    const lastEventId = request.headers['last-event-id'];
    if (typeof lastEventId === 'string') this.resumedFrom.push(lastEventId);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 200\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
    this.#send(response);
  }

  async #serveFile(path: string, response: ServerResponse): Promise<void> {
    const file = extname(path) === '' ? '/index.html' : normalize(path);
    const content = await readFile(join(this.#dist, file)).catch(() => undefined);
    if (content === undefined) json(response, 404, FAILURE);
    else
      response
        .writeHead(200, { 'content-type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream' })
        .end(content);
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
