import { createServer, type Http2Server } from 'node:http2';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { systemClock } from '@meshwise/core';

/** A gRPC program that answers every call with a text (gRPC over HTTP/2, with nothing but Node). */
export async function startGrpcProgram(host: string, port: number, text: string): Promise<Http2Server> {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.resume();
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    const message = Buffer.from(text);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

const same = (bytes: Buffer) => bytes;

/** Calls; answers with the text, or with the name of the status that it failed with. */
export function grpcCall(
  client: Client,
  path = '/shop.Stock/Get',
  headers: Readonly<Record<string, string>> = {},
  timeoutMs = 5_000,
): Promise<string> {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const deadline = systemClock.nowMs() + timeoutMs;
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, answer?: Buffer) =>
      resolve(error === null ? String(answer) : `failed ${error.code}`);
    client.makeUnaryRequest(path, same, same, Buffer.alloc(0), metadata, { deadline }, done);
  });
}

export function grpcClient(target: string): Client {
  return new Client(target, credentials.createInsecure());
}
