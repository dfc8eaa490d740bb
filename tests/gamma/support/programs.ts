import { fileURLToPath } from 'node:url';
import { ADDRESSES, GRPC_PORT, HTTP_PORT, type ServiceName } from './shop.ts';

/** Programs of Node that run alone in the namespace of a pod, as text. */
const GRPC = fileURLToPath(new URL('../../../packages/xds/src/control-plane/testing/grpc.ts', import.meta.url));

export interface HttpRequest {
  /** A service, or an address. */
  readonly to: ServiceName | string;
  readonly port?: number;
  readonly path?: string;
  readonly method?: string;
  /** `host` too; without it the name of the service, as other namespaces know it. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The pod that answered; absent when a proxy did. */
  readonly pod?: string;
  /** What the program saw. */
  readonly path?: string;
  readonly seen?: Readonly<Record<string, string>>;
  /** No answer at all. */
  readonly error?: string;
}

export interface GrpcCall {
  readonly to: ServiceName;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says over HTTP what it was asked, and over gRPC its name and the headers of a call that begin with `x-`. */
export function program(pod: string): string {
  return `
    const http = require('node:http').createServer((q, r) =>
      r.end(JSON.stringify({ pod: ${JSON.stringify(pod)}, path: q.url, seen: q.headers })));
    const grpc = require('node:http2').createServer();
    grpc.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      stream.resume();
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-test')));
      const message = Buffer.from(JSON.stringify({ pod: ${JSON.stringify(pod)}, seen: own }));
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
    http.listen(${HTTP_PORT}, () => grpc.listen(${GRPC_PORT}, () => console.log('ready')));`;
}

export function askHttp(requests: readonly HttpRequest[]): string {
  const full = requests.map(({ to, port = 80, path = '/', method = 'GET', headers = {} }) => {
    const host = addressOf(to);
    const name = host === to ? to : `${to}.shop`;
    return { host, port, path, method, headers: { host: port === 80 ? name : `${name}:${port}`, ...headers } };
  });
  return `
    const requests = ${JSON.stringify(full)};
    const { request } = require('node:http');
    const one = (options) => new Promise((resolve) => {
      const sent = request({ ...options, agent: false }, (r) => {
        let body = '';
        r.on('data', (d) => { body += d; });
        r.on('end', () => {
          let told = {};
          try { told = JSON.parse(body); } catch {}
          resolve({ status: r.statusCode, headers: r.headers, ...told });
        });
      });
      sent.on('error', (error) => resolve({ status: 0, headers: {}, error: error.message }));
      sent.end();
    });
    const answers = [];
    let next = 0;
    const worker = async () => { while (next < requests.length) { const index = next++; answers[index] = await one(requests[index]); } };
    Promise.all(Array.from({ length: 10 }, worker)).then(() => console.log(JSON.stringify(answers)));`;
}

export function askGrpc(calls: readonly GrpcCall[]): string {
  const full = calls.map(({ to, method = '/shop.Cart/Get', headers = {} }) => ({
    ...{ to: addressOf(to), method, headers },
  }));
  return `
    const calls = ${JSON.stringify(full)};
    import(${JSON.stringify(GRPC)}).then(async ({ grpcCall, grpcClient }) => {
      const answers = [];
      const clients = new Map();
      for (const { to, method, headers } of calls) {
        const client = clients.get(to) ?? grpcClient(to + ':${GRPC_PORT}');
        clients.set(to, client);
        answers.push(await grpcCall(client, method, headers));
      }
      console.log(JSON.stringify(answers));
      for (const client of clients.values()) client.close();
    });`;
}

function addressOf(to: string): string {
  return Object.hasOwn(ADDRESSES, to) ? ADDRESSES[to as ServiceName] : to;
}
