import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/**
 * Which port of this machine stands for which port of the mesh's Gateways.
 *
 * Gateways say 80 and 443; programs of this machine may own those, and to open them needs rights. The first port that any
 * Gateway names gets the address that was announced; each further one gets the next free port. The choice is kept in a file,
 * so that addresses stay the same from start to start.
 */
export class GatewayPorts {
  readonly #path: string;
  readonly #firstPort: number;
  #ports: Record<number, number> = {};

  constructor(path: string, firstPort: number) {
    this.#path = path;
    this.#firstPort = firstPort;
  }

  async load(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}');
    const stored = JSON.parse(text) as { first?: number; ports?: Record<number, number> };
    if (stored.first === this.#firstPort) this.#ports = stored.ports ?? {};
  }

  get all(): Readonly<Record<number, number>> {
    return this.#ports;
  }

  /** Gives every port of `serverPorts` a port of this machine. True when one was added. */
  async ensure(serverPorts: readonly number[]): Promise<boolean> {
    let added = false;
    for (const port of serverPorts) {
      if (this.#ports[port] !== undefined) continue;
      this.#ports = { ...this.#ports, [port]: await this.#choose() };
      added = true;
    }
    if (added) {
      await writeFile(`${this.#path}.new`, JSON.stringify({ first: this.#firstPort, ports: this.#ports }), {
        mode: 0o600,
      });
      await rename(`${this.#path}.new`, this.#path);
    }
    return added;
  }

  async #choose(): Promise<number> {
    const taken = new Set(Object.values(this.#ports));
    if (!taken.has(this.#firstPort)) return this.#firstPort;
    for (let port = this.#firstPort + 1; ; port++) if (!taken.has(port) && (await isPortFree(port))) return port;
  }
}

/** True when `port` can be listened on at 127.0.0.1. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
