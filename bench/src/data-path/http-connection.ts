import { connect, type Socket } from 'node:net';

/**
 * One HTTP/1.1 connection that sends the same request again and again, one at a time. Written on sockets because
 * `node:http` costs the client five times as much CPU, on a machine where client and proxies share two cores. It takes
 * responses with a Content-Length only, which is what the application of this bench gives.
 */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Request target as it stands in the request line; absolute for an explicit proxy (RFC 9112, 3.2.2). */
  readonly path: string;
  readonly authority: string;
}

export class HttpConnection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #received: Buffer = Buffer.alloc(0);
  #onAnswer: ((status: number) => void) | undefined;

  private constructor(socket: Socket, { path, authority }: Target) {
    this.#socket = socket;
    this.#request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${authority}\r\n\r\n`);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => this.#answer(0));
    socket.on('close', () => this.#answer(0));
  }

  static open(target: Target): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(target.port, target.host);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket, target));
      });
    });
  }

  get isFree(): boolean {
    return this.#onAnswer === undefined;
  }

  /** Sends the request. `done` gets the status once the whole response is there; 0 when the connection broke. */
  send(done: (status: number) => void): void {
    this.#onAnswer = done;
    if (this.#socket.destroyed) this.#answer(0);
    else this.#socket.write(this.#request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const parsed = parseResponse(this.#received);
    if (parsed === undefined) return;
    this.#received = this.#received.subarray(parsed.length);
    this.#answer(parsed.status);
  }

  #answer(status: number): void {
    const done = this.#onAnswer;
    this.#onAnswer = undefined;
    done?.(status);
  }
}

/** Status and length of the first response in these bytes; undefined while it is not complete. */
export function parseResponse(bytes: Buffer): { readonly status: number; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const content = /\r\ncontent-length: *([0-9]+)/i.exec(head)?.[1];
  if (content === undefined) throw new RangeError('a response without Content-Length');
  const length = end + 4 + Number(content);
  return bytes.length < length ? undefined : { status: Number(head.slice(9, 12)), length };
}
