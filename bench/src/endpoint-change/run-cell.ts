import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineProcess } from '../processes/line-process.ts';
import { endpointName, endpointSlice, meshResources } from './fixture.ts';
import type { Cell, ClientsAnswer, Measured, ServerAnswer } from './messages.ts';
import { meshModel } from './own-mesh.ts';
import { endpointsForPeers, resourcesForPeers } from './peer-resources.ts';
import type { ServerKind } from './servers.ts';

export interface CellResult extends Cell {
  readonly server: string;
  readonly initial: Measured;
  readonly changes: readonly Measured[];
}

const CLIENTS = fileURLToPath(new URL('./clients.ts', import.meta.url));
/** Long enough for both sides to be idle again. */
const PAUSE_MS = 300;

/** One server, its clients and some changes of endpoints, one after the other. */
export async function runCell(server: ServerKind, cell: Cell, changes: number): Promise<CellResult> {
  const directory = await mkdtemp(join(tmpdir(), 'mw-bench-'));
  const serving = new LineProcess<ServerAnswer>(server.command(cell, directory));
  const argument = JSON.stringify({ ...cell, directory, ownSockets: server.ownSockets });
  const clients = new LineProcess<ClientsAnswer>([process.execPath, CLIENTS, argument]);
  const failed = clients.next('failed').then(({ message }) => {
    throw new Error(message);
  });
  // Whoever waits for it sees it; when nobody does any more, it is no news.
  failed.catch(() => {});
  try {
    const model = meshModel(meshResources(cell.services));
    const resources = server.ownSockets ? [] : resourcesForPeers(model, cell.services);
    serving.send({ kind: 'load', resources });
    await Promise.all([serving.next('ready'), clients.next('ready')]);
    serving.send({ kind: 'awaitInitial', clients: cell.clients });
    await serving.next('go');
    clients.send({ kind: 'connect' });
    const initial = await Promise.race([serving.next('initial'), failed]);
    const measured: Measured[] = [];
    for (let change = 0; change < changes; change += 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      // Another service each time, and the first one again when there are too few.
      const slice = { index: change % cell.services, changes: 1 + Math.floor(change / cell.services) };
      let changed: readonly unknown[] = [];
      if (!server.ownSockets) {
        model.update([{ type: 'upsert', resource: endpointSlice(slice.index, slice.changes) }]);
        changed = endpointsForPeers(model, cell.services, endpointName(slice.index));
      }
      serving.send({ kind: 'change', clients: cell.clients, slice, resources: changed });
      measured.push(await Promise.race([serving.next('changed'), failed]));
    }
    return { server: server.name, ...cell, initial, changes: measured };
  } finally {
    await Promise.all([serving.stop(), clients.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}
