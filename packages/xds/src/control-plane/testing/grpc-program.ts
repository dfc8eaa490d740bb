import { createServer, type Http2Server } from 'node:http2';

/** A gRPC server that sends back what it gets, and ends with status 7 in its trailers (gRPC over HTTP/2, "Responses"). */
export async function startGrpcProgram(address: string, port: number): Promise<Http2Server> {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '7' }));
    stream.pipe(stream);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return server;
}
