import type { ConnectionOptions } from 'node:tls';
import type { ClientCertificate } from '../../../packages/xds/src/control-plane/testing/any-authority.ts';
import { type Reply, requestText, sendRaw } from './raw-http.ts';
import { HTTP_PORT, type World } from './world.ts';

/** What an attempt comes to: the program got it, the proxy answered with a status, or the connection ended without an answer. */
export type Outcome = 'reached' | 'closed' | number;

/** TLS as a sidecar speaks it. */
export function meshTls(
  { cert, key }: ClientCertificate,
  alpn: readonly string[] = ['istio', 'http/1.1'],
): ConnectionOptions {
  return { cert, key, ALPNProtocols: [...alpn], servername: 'outbound_.80_._.ledger.default.svc.cluster.local' };
}

let attempts = 0;

/** One request on a connection of its own; several may be under way. */
export async function attempt(
  world: World,
  tls: ConnectionOptions | undefined,
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<Outcome> {
  attempts += 1;
  const id = String(attempts);
  const { statuses } = await sendTo(world, tls, requestText(method, path, [...headers, ['x-attempt', id]]));
  if (world.program.received.some((received) => received.headers['x-attempt'] === id)) return 'reached';
  return statuses[0] ?? 'closed';
}

/** Bytes as they are; nothing else may be under way. */
export async function send(world: World, tls: ConnectionOptions | undefined, bytes: string): Promise<Outcome> {
  const before = world.program.received.length;
  const { statuses } = await sendTo(world, tls, bytes);
  if (world.program.received.length > before) return 'reached';
  return statuses[0] ?? 'closed';
}

function sendTo({ address }: World, tls: ConnectionOptions | undefined, bytes: string): Promise<Reply> {
  return sendRaw({ address, port: HTTP_PORT, ...(tls === undefined ? {} : { tls }) }, bytes);
}

/** Counts what was tried, so that a run says how much it is worth. */
export class Tally {
  readonly #name: string;
  readonly #counts = new Map<Outcome, number>();

  constructor(name: string) {
    this.#name = name;
  }

  add(outcome: Outcome): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  print(): void {
    const all = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const parts = [...this.#counts].map(([outcome, count]) => `${count} ${outcome}`).sort();
    process.stdout.write(`attacks, ${this.#name}: ${all} attempts (${parts.join(', ')})\n`);
  }
}
