/** Servers of the protocols that a Gateway can carry: HTTP on 8080, gRPC on 8081, bytes on 8082, HTTPS on 8443. */
import { createServer } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp } from 'node:net';

const name = process.env.NAME ?? 'nobody';
const answer = (request, response) => response.end(`${name} ${request.url}`);

createServer(answer).listen(8080);
createHttp2()
  .on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': name }));
    stream.end();
  })
  .listen(8081);
createTcp((socket) => socket.on('error', () => {}).end(name)).listen(8082);
if (process.env.CERT !== undefined) {
  const pem = (text) => Buffer.from(text, 'base64').toString('utf8');
  createHttps({ cert: pem(process.env.CERT), key: pem(process.env.KEY) }, answer).listen(8443);
}
