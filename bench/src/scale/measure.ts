import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LineProcess } from '../processes/line-process.ts';
import { cpuTimeMs, readMemory } from '../processes/proc.ts';
import { type ClientsAnswer, monotonicMs, type Seen } from './messages.ts';
import type { ScaleChange, ScaleMesh } from './objects.ts';
import type { Side } from './side.ts';

export interface Measured {
  /** From the change, or from the first connection, until the last client had acknowledged. */
  readonly elapsedMs: number;
  /** Of the control plane's process. */
  readonly cpuMs: number;
  readonly receivedBytes: number;
  readonly rssBytes: number;
}

export interface ChangeMeasured extends Measured {
  readonly receivers: number;
}

/** Long enough for a control plane to have read the last acknowledgements, and to be idle again. */
const PAUSE_MS = 500;

/** The clients of one mesh, in a process of their own. */
export class Clients {
  readonly #process: LineProcess<ClientsAnswer>;
  readonly #failed: Promise<never>;

  private constructor(file: string) {
    const program = fileURLToPath(new URL('./clients.ts', import.meta.url));
    this.#process = new LineProcess<ClientsAnswer>([process.execPath, program, file]);
    this.#failed = this.#process.next('failed').then(({ message }) => {
      throw new Error(message);
    });
    // Whoever waits for it sees it; when nobody does any more, it is no news.
    this.#failed.catch(() => {});
  }

  static async start(mesh: ScaleMesh, directory: string): Promise<Clients> {
    const file = join(directory, 'proxies.json');
    await writeFile(file, JSON.stringify(mesh.proxies));
    const clients = new Clients(file);
    await clients.#process.next('ready');
    return clients;
  }

  /** Connects all; `startMs` is the beginning, when that was earlier. */
  connect(side: Side, startMs?: number): Promise<Measured> {
    const isCold = startMs !== undefined;
    return measured(side, startMs ?? monotonicMs(), isCold ? 0 : undefined, async () => {
      this.#process.send({ kind: 'connect', target: side.target });
      return Promise.race([this.#process.next('connected'), this.#failed]);
    });
  }

  /** With how many clients were sent something, after a pause in which late ones may be. */
  async change(side: Side, { resources, marker, types, concerns }: ScaleChange): Promise<ChangeMeasured> {
    this.#process.send({ kind: 'await', marker, types, ...(concerns === undefined ? {} : { concerns }) });
    await this.#process.next('armed');
    const found = await measured(side, monotonicMs(), undefined, async () => {
      await side.apply(resources);
      return Promise.race([this.#process.next('seen'), this.#failed]);
    });
    this.#process.send({ kind: 'count' });
    const { clients, bytes } = await this.#process.next('received');
    return { ...found, receivers: clients, receivedBytes: bytes };
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}

/** `cpuBeforeMs` is 0 for a process that is measured from its start. */
async function measured(
  { pid }: Side,
  startMs: number,
  cpuBeforeMs: number | undefined,
  act: () => Promise<Seen>,
): Promise<Measured> {
  const before = cpuBeforeMs ?? (await cpuTimeMs(pid));
  const { atMs, receivedBytes } = await act();
  await sleep(PAUSE_MS);
  const cpuMs = (await cpuTimeMs(pid)) - before;
  const { rssBytes } = await readMemory(pid);
  return { elapsedMs: atMs - startMs, cpuMs, receivedBytes, rssBytes };
}
