import { createServer, type Server, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { TRUST_DOMAIN } from './plans.ts';
import type { TestMesh } from './test-mesh.ts';

/** A program that sends back what it gets. */
export function startEcho(address: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(server));
  });
}

/** A connection of mutual TLS as a sidecar opens it, by whoever has this service account. */
export async function connectAs(
  mesh: TestMesh,
  serviceAccount: string,
  address: string,
  port: number,
  alpn = 'istio',
): Promise<TLSSocket> {
  const identity = { trustDomain: TRUST_DOMAIN, namespace: 'default', serviceAccount };
  const { certificateChainPem: cert, privateKeyPem: key } =
    mesh.authority.get(identity) ?? (await mesh.authority.issue(identity));
  const ca = mesh.authority.roots().caPem;
  return new Promise((resolve, reject) => {
    const checkServerIdentity = () => undefined;
    const options = { host: address, port, ca, cert, key, ALPNProtocols: [alpn], checkServerIdentity };
    const socket = connect(options, () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
  });
}

/** What comes back for a text, or that the connection is over. */
export function answerTo(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve) => {
    const done = (answer: string) => {
      socket.off('data', onData).off('close', onClose);
      resolve(answer);
    };
    const onData = (chunk: Buffer) => done(chunk.toString());
    const onClose = () => done('closed');
    if (socket.destroyed) return resolve('closed');
    socket.once('data', onData).once('close', onClose);
    socket.write(text);
  });
}
