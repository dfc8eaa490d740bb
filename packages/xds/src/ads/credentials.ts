/**
 * Who calls. A proxy proves who it is by the socket it calls on, which only it can reach, or by a token.
 *
 * The node id in a request proves nothing; it is compared with the proxy found here.
 */
import { createHash } from 'node:crypto';
import { MeshwiseError } from '@meshwise/core';

export interface CallCredentials {
  /** The Unix socket the call came in on; undefined over TCP. */
  readonly socketPath: string | undefined;
  /** The header field of that name. */
  readonly authorization: string | undefined;
}

export interface ProxyCredentials {
  readonly socketPath?: string | undefined;
  /** Sent as `authorization: Bearer …`. */
  readonly token?: string | undefined;
}

export class CredentialTable {
  readonly #bySocket = new Map<string, string>();
  // By digest: looking a token up then takes a time that says nothing about it.
  readonly #byTokenDigest = new Map<string, string>();

  add(proxy: string, { socketPath, token }: ProxyCredentials): void {
    const digest = token === undefined ? undefined : digestOf(token);
    const isTaken =
      (socketPath !== undefined && this.#bySocket.has(socketPath)) ||
      (digest !== undefined && this.#byTokenDigest.has(digest));
    if (isTaken) throw new MeshwiseError('MW5002', `the credentials of proxy ${proxy} are another proxy's`);
    if (socketPath !== undefined) this.#bySocket.set(socketPath, proxy);
    if (digest !== undefined) this.#byTokenDigest.set(digest, proxy);
  }

  remove(proxy: string): void {
    for (const table of [this.#bySocket, this.#byTokenDigest]) {
      for (const [key, owner] of table) if (owner === proxy) table.delete(key);
    }
  }

  /** The proxy's id. A socket that belongs to a proxy decides alone; a token cannot overrule it. */
  authenticate({ socketPath, authorization }: CallCredentials): string | undefined {
    const bySocket = socketPath === undefined ? undefined : this.#bySocket.get(socketPath);
    if (bySocket !== undefined) return bySocket;
    const token = authorization === undefined ? undefined : /^Bearer (.+)$/i.exec(authorization)?.[1];
    return token === undefined ? undefined : this.#byTokenDigest.get(digestOf(token));
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
