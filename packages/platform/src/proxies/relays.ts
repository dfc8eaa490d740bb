import { join } from 'node:path';
import type { Clock, Logger } from '@meshwise/core';
import type { ProcessHost } from '../process/process-host.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { relayBootstrap } from './relay.ts';
import { socketPath } from './socket-path.ts';

export interface RelaysOptions {
  readonly envoyPath: string;
  readonly runDirectory: string;
  readonly logDirectory: string;
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RELAY_ID = /^envoy-relay-(\d+)-/;

/** The relays of a rootless mesh: one for each port of this machine that leads to a gateway. */
export class Relays {
  readonly #o: RelaysOptions;
  readonly #relays = new Map<number, EnvoyProcess>();

  constructor(options: RelaysOptions) {
    this.#o = options;
  }

  /**
   * Makes sure that a relay runs and answers with the socket it leads to. That belongs to the port, not to a pod: the gateway
   * that comes after another one takes its place there (Envoy removes a socket that is in the way before it binds).
   */
  async ensure(port: number): Promise<string> {
    const directory = join(this.#o.runDirectory, 'proxies', `relay-${port}`);
    const target = socketPath(directory, 'gateway.sock');
    if (this.#relays.has(port)) return target;
    const relay = new EnvoyProcess({
      ...this.#o,
      name: `relay-${port}`,
      directory,
      adminSocketPath: socketPath(directory, 'admin.sock'),
      logPath: join(this.#o.logDirectory, `relay-${port}.log`),
      concurrency: 1,
      hotRestart: false,
      bootstrap: relayBootstrap(port, target),
      place: async (command) => command,
      onChange: () => {},
    });
    this.#relays.set(port, relay);
    try {
      await relay.start();
    } catch (error) {
      this.#relays.delete(port);
      throw error;
    }
    return target;
  }

  /** Ends the relays of all other ports, also those that an earlier daemon left. */
  async keepOnly(ports: readonly number[]): Promise<void> {
    const asked = new Set(ports);
    for (const [port, relay] of this.#relays) {
      if (asked.has(port)) continue;
      this.#relays.delete(port);
      await relay.stop();
    }
    for (const handle of this.#o.host.all()) {
      const port = RELAY_ID.exec(handle.id)?.[1];
      if (port !== undefined && !asked.has(Number(port))) await this.#o.host.stop(handle, 2_000);
    }
  }

  /** One that ends from here on is not started again by this daemon. */
  leave(): void {
    for (const relay of this.#relays.values()) relay.leave();
  }
}
