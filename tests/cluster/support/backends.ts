import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { KEY_HEADER } from './ask.ts';

/** What a backend saw of one request or connection. */
export interface Received {
  readonly backend: string;
  readonly method?: string;
  readonly path?: string;
  readonly authority?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly port: number;
  /** Of the TLS handshake. */
  readonly serverName?: string;
}

/** How a backend is asked to answer: `x-oracle-behave: status=503;first=2;delay=400`. */
export const BEHAVE_HEADER = 'x-oracle-behave';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Programs behind the services: they answer, and remember by the request's key what reached whom. */
export class Backends {
  readonly #received = new Map<string, Received[]>();
  readonly #servers: Server[] = [];

  /** What has arrived under a key, in order of arrival, and forgets it. */
  take(key: string): readonly Received[] {
    const found = this.#received.get(key) ?? [];
    this.#received.delete(key);
    return found;
  }

  async http(backend: string, address: string, port: number): Promise<void> {
    const server = createServer((incoming, response) => void this.#answer(backend, port, incoming, response));
    server.keepAliveTimeout = 600_000;
    await this.#listen(server, address, port);
  }

  async https(backend: string, address: string, port: number, files: TlsFiles): Promise<void> {
    const server = createHttpsServer(
      files,
      (incoming, response) => void this.#answer(backend, port, incoming, response),
    );
    server.on('tlsClientError', () => {});
    await this.#listen(server, address, port);
  }

  async tcp(backend: string, address: string, port: number): Promise<void> {
    const server = createTcpServer((socket) => this.#answerBytes({ backend, port }, socket));
    await this.#listen(server, address, port);
  }

  async tls(backend: string, address: string, port: number, files: TlsFiles): Promise<void> {
    const server = createTlsServer(files, (socket: TLSSocket) => {
      const { servername } = socket;
      this.#answerBytes({ backend, port, ...(servername ? { serverName: servername } : {}) }, socket);
    });
    server.on('tlsClientError', () => {});
    await this.#listen(server, address, port);
  }

  close(): void {
    for (const server of this.#servers) server.close();
  }

  /** Remembers what arrived somewhere under a key; how much has by now. */
  note(key: string, received: Received): number {
    const known = this.#received.get(key) ?? [];
    known.push(received);
    this.#received.set(key, known);
    return known.length;
  }

  async #answer(backend: string, port: number, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    incoming.resume();
    const { method = '', url: path = '' } = incoming;
    const { host: authority = '', ...rest } = incoming.headers;
    const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
    const attempt = this.note(headers[KEY_HEADER] ?? '', {
      backend,
      method,
      path,
      authority,
      headers,
      port,
      ...serverNameOf(incoming),
    });
    const behave = parse(headers[BEHAVE_HEADER]);
    const misbehaves = behave.first === undefined || attempt <= behave.first;
    if (misbehaves && behave.delayMs !== undefined) await sleep(behave.delayMs);
    if (misbehaves && behave.reset) return void incoming.socket.destroy();
    const status = misbehaves ? (behave.status ?? 200) : 200;
    response.writeHead(status, { 'content-type': 'text/plain', 'x-backend': backend, ...behave.headers });
    response.end(`${backend}\n`);
  }

  #answerBytes(received: Received, socket: Socket): void {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.endsWith('\n')) return;
      this.note(text.trim(), received);
      socket.end(`${received.backend}\n`);
    });
  }

  async #listen(server: Server, address: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, resolve);
    });
    this.#servers.push(server);
  }
}

function serverNameOf({ socket }: IncomingMessage): { readonly serverName?: string } {
  return socket instanceof TLSSocket && socket.servername ? { serverName: socket.servername } : {};
}

interface Behaviour {
  readonly status?: number;
  readonly delayMs?: number;
  readonly reset: boolean;
  /** Only the first attempts of a request; all without. */
  readonly first?: number;
  readonly headers: Readonly<Record<string, string>>;
}

function parse(text: string | undefined): Behaviour {
  const words = new Map((text ?? '').split(';').map((word) => word.split('=', 2) as [string, string | undefined]));
  const number = (name: string) => (words.has(name) ? Number(words.get(name)) : undefined);
  const [status, delayMs, first] = [number('status'), number('delay'), number('first')];
  return {
    reset: words.has('reset'),
    headers: words.has('header') ? { [String(words.get('header'))]: 'from the backend' } : {},
    ...(status === undefined ? {} : { status }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(first === undefined ? {} : { first }),
  };
}
