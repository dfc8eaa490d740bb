import { connect, type Socket } from 'node:net';

/** Why no tunnel: the proxy is not there (nothing is known of the program), or the program refused. */
export type TunnelFailure = 'no-proxy' | 'refused';

/**
 * A raw connection to a port of a program, through the CONNECT tunnel of the proxy that stands before it. The daemon has no
 * other way into a pod's network namespace, and needs none.
 */
export function openTunnel(
  socketPath: string,
  target: string,
  timeoutMs: number,
): Promise<{ socket: Socket; head: Buffer } | TunnelFailure> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath });
    let received = Buffer.alloc(0);
    const finish = (result: { socket: Socket; head: Buffer } | TunnelFailure) => {
      socket.removeAllListeners();
      socket.setTimeout(0);
      if (typeof result === 'string') {
        socket.on('error', () => {});
        socket.destroy();
      }
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => finish('refused'));
    socket.on('error', () => finish('no-proxy'));
    socket.on('end', () => finish('refused'));
    socket.on('connect', () => socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end === -1) {
        if (received.length > 8_192) finish('refused');
        return;
      }
      const accepted = /^HTTP\/1\.1 200\b/.test(received.toString('latin1', 0, 16));
      finish(accepted ? { socket, head: received.subarray(end + 4) } : 'refused');
    });
  });
}
