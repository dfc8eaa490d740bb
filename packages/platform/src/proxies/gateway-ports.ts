import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/**
 * Which port of this machine stands for which port of the mesh's Gateways.
 *
 * Gateways say 80 and 443; programs of this machine may own those, and to open them needs rights. The first port that any
 * Gateway names gets the address that was announced; each further one gets the next free port. The choice is kept in a file,
 * so that addresses stay the same from start to start.
 *
 * Gateways of the Gateway API are proxies of their own, any of which may have a port 80: each has ports of its own here,
 * for as long as it is there.
 */
export class GatewayPorts {
  readonly #path: string;
  readonly #firstPort: number;
  #ports: Readonly<Record<number, number>> = {};
  /** By `namespace/name`. */
  #own: Readonly<Record<string, Readonly<Record<number, number>>>> = {};

  constructor(path: string, firstPort: number) {
    this.#path = path;
    this.#firstPort = firstPort;
  }

  async load(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}');
    const stored = JSON.parse(text) as {
      first?: number;
      ports?: Record<number, number>;
      gateways?: Record<string, Record<number, number>>;
    };
    if (stored.first !== this.#firstPort) return;
    this.#ports = stored.ports ?? {};
    this.#own = stored.gateways ?? {};
  }

  get all(): Readonly<Record<number, number>> {
    return this.#ports;
  }

  /** Those of the Gateways that are proxies of their own, by `namespace/name`. */
  get own(): Readonly<Record<string, Readonly<Record<number, number>>>> {
    return this.#own;
  }

  /** Gives every port of `serverPorts` a port of this machine. True when one was added. */
  async ensure(serverPorts: readonly number[]): Promise<boolean> {
    const before = this.#ports;
    for (const port of serverPorts) {
      if (this.#ports[port] === undefined) this.#ports = { ...this.#ports, [port]: await this.#choose(true) };
    }
    if (this.#ports !== before) await this.#save();
    return this.#ports !== before;
  }

  /** The same for each Gateway of its own; those that are not named lose theirs. True when anything changed. */
  async ensureOwn(wanted: ReadonlyMap<string, readonly number[]>): Promise<boolean> {
    const before = this.#own;
    const kept = Object.entries(before).filter(([gateway]) => wanted.has(gateway));
    if (kept.length < Object.keys(before).length) this.#own = Object.fromEntries(kept);
    for (const [gateway, serverPorts] of wanted) {
      for (const port of serverPorts) {
        const own = this.#own[gateway] ?? {};
        if (own[port] !== undefined) continue;
        this.#own = { ...this.#own, [gateway]: { ...own, [port]: await this.#choose(false) } };
      }
    }
    if (this.#own !== before) await this.#save();
    return this.#own !== before;
  }

  async #save(): Promise<void> {
    const text = JSON.stringify({ first: this.#firstPort, ports: this.#ports, gateways: this.#own });
    await writeFile(`${this.#path}.new`, text, { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }

  async #choose(mayBeFirst: boolean): Promise<number> {
    const taken = new Set([this.#ports, ...Object.values(this.#own)].flatMap((ports) => Object.values(ports)));
    if (mayBeFirst && !taken.has(this.#firstPort)) return this.#firstPort;
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
