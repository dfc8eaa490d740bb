import { type Check, failed, ok, unknown } from './check.ts';
import type { PortHolder } from './port-holder.ts';

export interface WantedPort {
  readonly port: number;
  /** What it is for: `gateway`, `API`. */
  readonly purpose: string;
  /** The option or variable that chooses another. */
  readonly changedBy?: string;
}

export interface PortReaders {
  /** Tries to listen: `free`, or the code of the system's refusal (`EADDRINUSE`, `EACCES`). */
  tryToListen(port: number): Promise<'free' | string>;
  holderOf(port: number): Promise<PortHolder | undefined>;
  /** Processes of a Meshwise that runs: it may hold its own ports. */
  readonly ownPids: ReadonlySet<number>;
}

export function portCheck(wanted: WantedPort, readers: PortReaders): Check {
  const { port, purpose } = wanted;
  return {
    id: `port-${port}`,
    title: `Port ${port} (${purpose})`,
    async run() {
      const answer = await readers.tryToListen(port);
      if (answer === 'free') return ok('free');
      const other = wanted.changedBy === undefined ? '' : ` or choose another with ${wanted.changedBy}`;
      if (answer === 'EACCES') return failed('not allowed to this user', `Run as root${other}.`);
      if (answer !== 'EADDRINUSE') return unknown(answer);
      const holder = await readers.holderOf(port);
      if (holder === undefined) return failed('in use by a process that cannot be seen', `Stop that process${other}.`);
      if (readers.ownPids.has(holder.pid)) return ok(`held by this Meshwise (pid ${holder.pid})`);
      return failed(`in use by pid ${holder.pid}: ${holder.command}`, `Stop that process${other}.`);
    },
  };
}
