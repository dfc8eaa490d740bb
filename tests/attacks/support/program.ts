import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** The program that is attacked: it answers everything that reaches it, and remembers it. */
export class Program {
  readonly received: Received[] = [];
  bytes = 0;
  readonly #http: Server;
  readonly #tcp: TcpServer;

  constructor() {
    this.#http = createServer({ insecureHTTPParser: true }, (request, response) => {
      this.received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
      request.resume();
      response.end('from the program');
    });
    this.#tcp = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        this.bytes += chunk.length;
        socket.end('from the program');
      });
    });
  }

  async listen(address: string, httpPort: number, tcpPort: number): Promise<void> {
    await Promise.all(
      [[this.#http, httpPort] as const, [this.#tcp, tcpPort] as const].map(
        ([server, port]) =>
          new Promise<void>((resolve, reject) => {
            server.once('error', reject);
            server.listen(port, address, resolve);
          }),
      ),
    );
  }

  close(): void {
    this.#http.closeAllConnections();
    this.#http.close();
    this.#tcp.close();
  }
}
