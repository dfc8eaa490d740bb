/** A gRPC service of these samples, with nothing but HTTP/2: every call is answered with VERSION. */
import { createServer } from 'node:http2';

const { VERSION = 'v1', HOST } = process.env;
const message = Buffer.from(VERSION);
// Not compressed, and its length (gRPC over HTTP2, Length-Prefixed-Message).
const prefix = Buffer.from([0, 0, 0, 0, message.length]);

const server = createServer();
server.on('stream', (stream) => {
  stream.resume();
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([prefix, message]));
});
server.listen(Number(process.argv[2] ?? 9090), HOST);
