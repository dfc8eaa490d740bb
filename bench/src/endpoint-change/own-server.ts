/** Meshwise as a server of this bench: model, control plane and ADS in one process, as in the daemon. */
import { onLines, say } from '../processes/line-process.ts';
import { endpointSlice, meshResources, proxyOf } from './fixture.ts';
import { type Cell, type ServerCommand, socketPath } from './messages.ts';
import { type OwnMesh, openMesh } from './own-mesh.ts';
import { Stopwatch } from './stopwatch.ts';

const { directory, ...cell } = JSON.parse(process.argv[2] ?? '{}') as Cell & { readonly directory: string };
const stopwatch = new Stopwatch();
const FIRST_TYPES = 3;
let mesh: OwnMesh | undefined;

async function load(): Promise<void> {
  mesh = await openMesh({
    resources: meshResources(cell.services),
    proxies: Array.from({ length: cell.clients }, (_, client) => proxyOf(client, cell.services)),
    socketOf: (client) => socketPath(directory, client),
  });
  const seen = new Set<string>();
  mesh.ads.onEvent((event) => {
    if (event.kind === 'nacked') throw new Error(`rejected: ${event.nack.message}`);
    if (event.kind !== 'acked') return;
    if (seen.size === FIRST_TYPES * cell.clients) {
      if (event.type === 'EDS') stopwatch.acknowledged();
      return;
    }
    const key = `${event.proxy} ${event.type}`;
    if (!seen.has(key)) stopwatch.acknowledged();
    seen.add(key);
  });
  say({ kind: 'ready', rssBytes: process.memoryUsage().rss });
}

onLines<ServerCommand>(async (command) => {
  if (command.kind === 'load') return load();
  if (mesh === undefined) throw new Error('not loaded');
  const { ads, model, plane } = mesh;
  const before = ads.counters().responseBytes;
  if (command.kind === 'awaitInitial') {
    const initial = stopwatch.start(FIRST_TYPES * command.clients);
    say({ kind: 'go' });
    const measured = await initial;
    say({ kind: 'initial', ...measured, pushedBytes: ads.counters().responseBytes - before });
    return;
  }
  const resource = endpointSlice(command.slice.index, command.slice.changes);
  const changed = stopwatch.start(command.clients);
  // As the daemon does for every event of its store.
  model.update([{ type: 'upsert', resource }]);
  plane.changed();
  const measured = await changed;
  say({ kind: 'changed', ...measured, pushedBytes: ads.counters().responseBytes - before });
});
