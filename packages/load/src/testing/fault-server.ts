import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server does with a connection on which a whole request has arrived; called for each request. */
export type Misbehave = (socket: Socket, request: number) => void;

export interface FaultServer {
  readonly url: string;
  readonly port: number;
  /** Requests so far, over all connections. */
  readonly requests: () => number;
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A server of HTTP/1.1 that knows nothing but where a head ends, and then does as a test says. Gone after the test. */
export async function faultServer(misbehave: Misbehave): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        text = text.slice(end + 4);
        misbehave(socket, requests);
        requests += 1;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => stop(server, sockets));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/`, requests: () => requests };
}

function stop(server: Server, sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy();
  server.close();
}
