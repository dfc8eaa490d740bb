import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '@meshwise/core';
import type { ProcessHandle, ProcessHost } from '../process/process-host.ts';
import { isAlive } from '../process/process-table.ts';
import { backOffMs } from '../proxies/back-off.ts';
import { sandboxArguments } from './run-sandbox.ts';
import { untilReady } from './until-ready.ts';

export interface ResolverProcessOptions {
  readonly host: ProcessHost;
  readonly python: string;
  readonly runDirectory: string;
  readonly clusterDomain: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where it answers, inside the namespaces of the mesh. */
  readonly address: string;
  readonly port: number;
  /** A process inside the namespaces of the mesh, when there is one. */
  readonly anchorPid: () => number | undefined;
}

const RESOLVER_ID = 'mesh-names';
const BACK_OFF_MS = 500;
const BACK_OFF_CAP_MS = 30_000;
/** Who has answered for so long did not end because of how it was started. */
const STABLE_MS = 60_000;

/**
 * Answers questions for names of the outside in the machine's own network, by a process that outlives the daemon like the
 * others. When it ends it is started again; nobody has to be told, since proxies ask anew.
 */
export class ResolverProcess {
  readonly #options: ResolverProcessOptions;

  constructor(options: ResolverProcessOptions) {
    this.#options = options;
  }

  /** Takes up the one that runs, unless it is of namespaces that are gone (`isOld`). */
  async start(isOld: boolean): Promise<void> {
    const { host } = this.#options;
    const running = host.all().find(({ id, pid, startTicks }) => id === RESOLVER_ID && isAlive(pid, startTicks));
    if (running !== undefined && !isOld) {
      void this.#keep(running);
      return;
    }
    if (running !== undefined) await host.stop(running, 1_000);
    void this.#keep(await this.#launch());
  }

  async #launch(): Promise<ProcessHandle> {
    const { host, runDirectory, python, clusterDomain, clock, address, port, anchorPid } = this.#options;
    const logPath = join(runDirectory, 'mesh-names.log');
    await writeFile(logPath, '', { mode: 0o600 });
    const spec = { anchorPid: anchorPid(), address, port, meshDomain: clusterDomain };
    const handle = await host.start({
      id: RESOLVER_ID,
      argv: [python, ...sandboxArguments('names', spec)],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
      cwd: '/',
      logPath,
    });
    await untilReady(logPath, handle.exited, clock);
    return handle;
  }

  async #keep(first: ProcessHandle): Promise<void> {
    const { host, clock, logger } = this.#options;
    let handle: ProcessHandle | undefined = first;
    let failures = 0;
    for (;;) {
      if (handle !== undefined) {
        const sinceMs = clock.monotonicMs();
        await handle.exited;
        failures = clock.monotonicMs() - sinceMs < STABLE_MS ? failures : 0;
      }
      failures += 1;
      const delayMs = backOffMs(failures, BACK_OFF_MS, BACK_OFF_CAP_MS);
      logger.warn('names outside the mesh do not resolve: their resolver is started again', { delayMs });
      await this.#wait(delayMs);
      // Whoever stops a process on purpose has it forgotten.
      if (handle !== undefined && host.get(RESOLVER_ID)?.pid !== handle.pid) return;
      handle = await this.#attempt();
    }
  }

  /** Without keeping the daemon from ending, as the clock's `sleep` would. */
  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(delayMs, resolve));
  }

  async #attempt(): Promise<ProcessHandle | undefined> {
    // Without namespaces there is nobody who asks.
    if (this.#options.anchorPid() === undefined) return undefined;
    try {
      return await this.#launch();
    } catch (error) {
      this.#options.logger.warn('the resolver did not start', { error: String(error) });
      const left = this.#options.host.get(RESOLVER_ID);
      if (left !== undefined) await this.#options.host.stop(left, 0);
      return undefined;
    }
  }
}
