import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@meshwise/core';
import { Client } from '../../../apps/cli/src/client/client.ts';
import { readDaemonRecord, stateDirectory } from '../../../apps/cli/src/state-directory.ts';
import { LocalMesh } from '../mesh/local-mesh.ts';
import { poll } from './poll.ts';
import { BASE, IMAGES } from './probe/manifests.ts';
import { Probes } from './probe/probes.ts';

const READY_MS = 60_000;

/** BookInfo with the programs that look at it from inside, and the state of its configuration to which everything returns. */
export class Site {
  readonly client: Client;
  readonly probes: Probes;
  readonly #mesh: LocalMesh;
  #base = 0;

  private constructor(mesh: LocalMesh, client: Client) {
    this.#mesh = mesh;
    this.client = client;
    this.probes = new Probes(mesh, client);
  }

  static async open(): Promise<Site> {
    const mesh = await LocalMesh.create();
    try {
      await writeFile(join(mesh.home, 'images.json'), JSON.stringify(IMAGES));
      await mesh.startDaemon();
      const site = new Site(mesh, await clientOf(mesh.home));
      await site.apply(BASE);
      await poll('the start of the probes', READY_MS, async () => {
        const [inside, outside] = await Promise.all([site.probes.askOnce(), site.probes.askPlainly()]);
        return inside.status === 200 && outside.status === 200;
      });
      site.#base = await site.#revision();
      return site;
    } catch (error) {
      await mesh.remove();
      throw error;
    }
  }

  /** Applies manifests and returns what the mesh does not do of them. Throws for what it refuses. */
  async apply(text: string): Promise<readonly string[]> {
    const { problems, verdicts } = await this.client.apply({ files: [{ name: 'bench.yaml', text }], force: true });
    const error = problems.find(({ severity }) => severity === 'error');
    if (error !== undefined) throw new Error(`${error.field ?? 'the manifest'}: ${error.message}`);
    return verdicts.flatMap(({ object, conditions }) =>
      conditions.map(({ field, message }) => `${object.kind} ${object.name}: ${field ?? ''} ${message}`),
    );
  }

  /** Takes back what was applied since the start. */
  async restore(): Promise<void> {
    if ((await this.#revision()) === this.#base) return;
    await this.client.rollback({ to: this.#base });
    // What goes back is a revision as well; going to this one undoes nothing.
    this.#base = await this.#revision();
  }

  /** The same after whatever went wrong; rejects when the mesh does not come back to it. */
  async reset(): Promise<void> {
    await this.restore();
    await poll('the way back', READY_MS, async () => (await this.probes.askOnce()).status === 200);
  }

  /** All proxies have acknowledged what they are to do. */
  async inStep(): Promise<boolean> {
    return (await this.client.status()).proxies.every(({ synced }) => synced);
  }

  /** Nobody is left of earlier load. */
  async isQuiet(): Promise<boolean> {
    const { items } = await this.client.resources({ kind: 'Pod', labelSelector: 'meshwise.io/load' });
    return items.length === 0;
  }

  /** For whoever looks into what went wrong. */
  async lastWords(): Promise<string> {
    const text = await readFile(join(this.#mesh.home, 'bench-daemon.log'), 'utf8').catch(() => '');
    return text.slice(-2_000);
  }

  close(): Promise<void> {
    return this.#mesh.remove();
  }

  async #revision(): Promise<number> {
    return (await this.client.revisions()).items[0]?.number ?? 0;
  }
}

async function clientOf(home: string): Promise<Client> {
  const state = stateDirectory({ MESHWISE_HOME: home });
  const record = await readDaemonRecord(state);
  if (record === undefined) throw new Error(`${home} has no daemon`);
  const token = (await readFile(state.token, 'utf8')).trim();
  return new Client({ api: record.api, token, clock: systemClock });
}
