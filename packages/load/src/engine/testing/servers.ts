import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A server on a free port that gets every request as the bytes that end one, and does with its socket what a test wants. */
export async function serve(
  onRequest: (socket: Socket, text: string) => void,
  onConnection?: (socket: Socket) => void,
) {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onConnection?.(socket);
    socket.on('data', (chunk) => onRequest(socket, chunk.toString('latin1')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
