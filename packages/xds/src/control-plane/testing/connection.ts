import { connect } from 'node:net';

/** A connection spoken to by hand; an answer ends where its own length says, or with its head. */
export function connectionTo(...target: [path: string] | [address: string, port: number]) {
  const [place, port] = target;
  const socket = port === undefined ? connect(place) : connect(port, place);
  return {
    ask(text: string): Promise<string> {
      return new Promise((resolve, reject) => {
        let answer = '';
        const onData = (chunk: Buffer) => {
          answer += chunk.toString();
          const length = Number(/content-length: ([0-9]+)/i.exec(answer)?.[1] ?? 0);
          const head = answer.indexOf('\r\n\r\n');
          const isChunked = /transfer-encoding: chunked/i.test(answer);
          const isWhole = isChunked ? answer.endsWith('0\r\n\r\n') : answer.length >= head + 4 + length;
          if (head === -1 || !isWhole) return;
          socket.off('data', onData);
          resolve(answer);
        };
        socket.on('data', onData);
        socket.once('error', reject);
        socket.write(text);
      });
    },
    /** Sends bytes and waits for as many. */
    exchange(text: string): Promise<string> {
      return new Promise((resolve, reject) => {
        let answer = '';
        socket.on('data', (chunk: Buffer) => {
          answer += chunk.toString();
          if (answer.length >= text.length) resolve(answer);
        });
        socket.once('error', reject);
        socket.write(text);
      });
    },
    close: () => socket.destroy(),
  };
}
