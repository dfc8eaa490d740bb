import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@meshwise/core';
import { MeshwiseError } from '@meshwise/core';
import type { FastifyRequest } from 'fastify';

export const SESSION_COOKIE = 'meshwise_session';
const ONE_TIME_TOKEN_MS = 5 * 60_000;
const SESSION_MS = 12 * 3_600_000;

/**
 * Who may use the API: whoever knows the token of the state directory (the CLI reads the file), or a browser that exchanged
 * a one-time token for a session. Tokens are compared by digest, in constant time; sessions live in memory only, so a new
 * daemon asks browsers to come again.
 */
export class Authority {
  readonly #tokenDigest: Buffer;
  readonly #clock: Clock;
  readonly #oneTime = new Map<string, number>();
  readonly #sessions = new Map<string, number>();

  constructor(token: string, clock: Clock) {
    this.#tokenDigest = digest(token);
    this.#clock = clock;
  }

  /** Throws MW6004 unless the request carries the token or a session. */
  check(request: FastifyRequest): void {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined && timingSafeEqual(digest(bearer), this.#tokenDigest)) return;
    const session = request.cookies[SESSION_COOKIE];
    if (session !== undefined && this.#valid(this.#sessions, session)) return;
    throw new MeshwiseError('MW6004', bearer === undefined ? 'the request carries no token' : 'the token is not valid');
  }

  issueOneTimeToken(): string {
    return this.#issue(this.#oneTime, ONE_TIME_TOKEN_MS);
  }

  /** Exchanges a one-time token, which is good for that once, for a session. */
  openSession(token: string): { session: string; maxAgeS: number } {
    if (!this.#valid(this.#oneTime, token))
      throw new MeshwiseError('MW6004', 'the one-time token was used or is too old');
    this.#oneTime.delete(key(token));
    return { session: this.#issue(this.#sessions, SESSION_MS), maxAgeS: SESSION_MS / 1000 };
  }

  #issue(table: Map<string, number>, lifetimeMs: number): string {
    const nowMs = this.#clock.nowMs();
    for (const [entry, untilMs] of table) if (untilMs < nowMs) table.delete(entry);
    const token = randomBytes(32).toString('base64url');
    table.set(key(token), nowMs + lifetimeMs);
    return token;
  }

  #valid(table: Map<string, number>, token: string): boolean {
    return (table.get(key(token)) ?? 0) > this.#clock.nowMs();
  }
}

/**
 * Refuses requests that a browser was led to make from elsewhere: the Host must be ours (against DNS rebinding) and an Origin,
 * where there is one, our own page's (against cross-site requests).
 */
export function checkAddressed(request: FastifyRequest, ownHosts: ReadonlySet<string>): void {
  const host = request.headers.host ?? '';
  if (!ownHosts.has(host))
    throw new MeshwiseError('MW6005', 'the request is addressed to another host', { found: host });
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new MeshwiseError('MW6005', 'the request comes from another page', { found: origin });
  }
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new MeshwiseError('MW6005', 'the request comes from another site', { found: String(site) });
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function key(token: string): string {
  return digest(token).toString('hex');
}
