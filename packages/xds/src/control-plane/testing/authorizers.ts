import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type CheckRequest,
  CheckRequestSchema,
  CheckResponseSchema,
} from '../../../gen/envoy/service/auth/v3/external_auth_pb.js';

export interface GrpcAuthorizer {
  readonly port: number;
  readonly server: Http2Server;
  /** What it was asked. */
  readonly asked: CheckRequest[];
  answer: (request: CheckRequest) => MessageInitShape<typeof CheckResponseSchema>;
}

const PREFIX_BYTES = 5;
export const REFUSED = { status: { code: 7 } };
export const LET_IN = { status: { code: 0 } };

/** An external authorizer (envoy.service.auth.v3), with nothing but Node: it lets everything in until told otherwise. */
export async function startGrpcAuthorizer(address: string, atPort = 0): Promise<GrpcAuthorizer> {
  const server = createHttp2Server();
  const port = await listening(server, address, atPort);
  const authorizer: GrpcAuthorizer = { port, server, asked: [], answer: () => LET_IN };
  server.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const request = fromBinary(CheckRequestSchema, Buffer.concat(chunks).subarray(PREFIX_BYTES));
      authorizer.asked.push(request);
      const message = toBinary(CheckResponseSchema, create(CheckResponseSchema, authorizer.answer(request)));
      const prefix = Buffer.alloc(PREFIX_BYTES);
      prefix.writeUInt32BE(message.length, 1);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.concat([prefix, message]));
    });
  });
  return authorizer;
}

export interface AskedByHttp {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpAuthorizer {
  readonly port: number;
  readonly server: Server;
  readonly asked: AskedByHttp[];
  /** Undefined: it says nothing. */
  answer: (
    asked: AskedByHttp,
  ) => { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined;
}

/** The same by HTTP: a status of 200 lets in. */
export async function startHttpAuthorizer(address: string, atPort = 0): Promise<HttpAuthorizer> {
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const asked = { method, url, headers, body };
      authorizer.asked.push(asked);
      const answer = authorizer.answer(asked);
      if (answer !== undefined) response.writeHead(answer.status, answer.headers).end('from the authorizer');
    });
  });
  const port = await listening(server, address, atPort);
  const authorizer: HttpAuthorizer = { port, server, asked: [], answer: () => ({ status: 200 }) };
  return authorizer;
}

function listening(server: NetServer, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
}
