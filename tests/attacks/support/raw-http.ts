import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

/** What came of an attempt: the statuses that came back, or that the connection ended without one. */
export interface Reply {
  readonly statuses: readonly number[];
  readonly text: string;
}

export interface Target {
  readonly address: string;
  readonly port: number;
  /** Absent: plain text. */
  readonly tls?: ConnectionOptions;
}

const QUIET_MS = 150;
const PATIENCE_MS = 3_000;

/**
 * Sends bytes as they are, since no client library sends what attackers do, and reads until the other end closes or has been
 * quiet for a while after an answer.
 */
export function sendRaw({ address, port, tls }: Target, bytes: string | Buffer): Promise<Reply> {
  return new Promise((resolve) => {
    const socket: Socket =
      tls === undefined
        ? connectTcp({ host: address, port })
        : connectTls({ host: address, port, rejectUnauthorized: false, ...tls });
    let text = '';
    let quiet: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(quiet);
      clearTimeout(patience);
      socket.destroy();
      resolve({ statuses: statusesOf(text), text });
    };
    const patience = setTimeout(end, PATIENCE_MS);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(end, QUIET_MS);
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

/** One request, with headers as they are given: twice the same name, odd characters and all. */
export function requestText(
  method: string,
  path: string,
  headers: readonly (readonly [name: string, value: string])[] = [],
  host = 'ledger.default.svc.cluster.local',
): string {
  const lines = [['host', host] as const, ...headers, ['connection', 'close'] as const];
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function statusesOf(text: string): readonly number[] {
  return [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
}
