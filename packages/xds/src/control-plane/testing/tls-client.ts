import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Answer } from './http.ts';

export interface TlsTarget {
  readonly address: string;
  readonly port: number;
  readonly serverName?: string;
  readonly ca: string;
}

type Options = Pick<ConnectionOptions, 'cert' | 'key' | 'maxVersion' | 'minVersion' | 'ALPNProtocols' | 'ciphers'>;

function optionsOf({ address, port, serverName, ca }: TlsTarget): ConnectionOptions {
  return { host: address, port, ca, ...(serverName === undefined ? {} : { servername: serverName }) };
}

/** A connection whose server the client has found good. In TLS 1.3 the server may still refuse the client afterwards. */
export function handshake(target: TlsTarget, options: Options = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...optionsOf(target), ...options }, () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
  });
}

/** One GET over HTTP/1.1 on a connection of its own. */
export function secureCall(target: TlsTarget, path: string, options: Options = {}, host?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: host ?? target.serverName ?? target.address };
    const outgoing = request({ ...optionsOf(target), ...options, path, agent: false, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** One GET over HTTP/2, agreed upon by ALPN. */
export function http2Call(
  target: TlsTarget,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const authority = target.serverName ?? target.address;
    const session = connectHttp2(`https://${authority}`, {
      createConnection: () => connect({ ...optionsOf(target), ALPNProtocols: ['h2'] }),
    });
    session.once('error', reject);
    const stream = session.request({ ':path': path, ':authority': authority });
    let status = 0;
    let body = '';
    stream.setEncoding('utf8');
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.on('data', (chunk: string) => {
      body += chunk;
    });
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ status, body });
    });
    stream.end();
  });
}

/** One unary gRPC call over TLS: what came back, and the status of the trailers. */
export function grpcCall(
  target: TlsTarget,
  path: string,
  message: Buffer,
): Promise<{ readonly message: string; readonly status: string }> {
  return new Promise((resolve, reject) => {
    const authority = target.serverName ?? target.address;
    const createConnection = () => connect({ ...optionsOf(target), ALPNProtocols: ['h2'] });
    const session = connectHttp2(`https://${authority}`, { createConnection });
    session.once('error', reject);
    const headers = {
      ':method': 'POST',
      ':path': path,
      ':authority': authority,
      'content-type': 'application/grpc',
      te: 'trailers',
    };
    const stream = session.request(headers);
    const chunks: Buffer[] = [];
    let status = '';
    stream.on('trailers', (trailers) => {
      status = String(trailers['grpc-status'] ?? '');
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ message: Buffer.concat(chunks).subarray(5).toString(), status });
    });
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
}

/** What comes back for some bytes; the connection is closed then. */
export async function exchange(socket: TLSSocket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('ended without an answer')));
    socket.write(text);
  });
}
