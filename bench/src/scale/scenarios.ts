import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from '../report/result.ts';
import { ISTIOD, startIstio } from './istio-side.ts';
import { Clients, type Measured } from './measure.ts';
import { monotonicMs } from './messages.ts';
import { endpointChange, newService, routeChange, type ScaleChange, type ScaleMesh } from './objects.ts';
import { OURS, startOurs } from './own-side.ts';
import type { Side } from './side.ts';

export interface Size {
  readonly services: number;
  readonly proxies: number;
  readonly endpointChanges: number;
  readonly routeChanges: number;
  readonly newServices: number;
}

export interface Row {
  readonly what: string;
  readonly server: string;
  readonly runs: readonly Measured[];
}

export async function ours(mesh: ScaleMesh, directory: string): Promise<Side> {
  const file = join(directory, 'mesh.json');
  await writeFile(file, JSON.stringify(mesh));
  return startOurs(file, directory);
}

/** Does something with the clients of a mesh, which end whatever comes of it. */
async function withClients<T>(mesh: ScaleMesh, directory: string, act: (clients: Clients) => Promise<T>): Promise<T> {
  const clients = await Clients.start(mesh, directory);
  try {
    return await act(clients);
  } finally {
    await clients.stop();
  }
}

async function withSide<S extends Side, T>(side: S, act: (side: S) => Promise<T>): Promise<T> {
  try {
    return await act(side);
  } finally {
    await side.stop();
  }
}

/** Everything that happens to a mesh that is there. */
export function changesOf(
  side: Side,
  mesh: ScaleMesh,
  size: Size,
  directory: string,
  { log }: BenchOptions,
): Promise<Row[]> {
  const server = side.name;
  const act = async (clients: Clients) => {
    log(`${server}: connecting ${size.proxies} proxies`);
    const connect = await clients.connect(side);
    const many = async (what: string, count: number, change: (round: number) => ScaleChange) => {
      log(`${server}: ${what}`);
      const runs: Measured[] = [];
      for (let round = 0; round < count; round += 1) runs.push(await clients.change(side, change(round)));
      return { what, server, runs };
    };
    return [
      { what: 'connect all', server, runs: [connect] },
      await many('endpoint change', size.endpointChanges, endpointChange),
      await many('route change', size.routeChanges, routeChange),
      await many('new service', size.newServices, (round) => newService(round, size.services)),
    ];
  };
  return withSide(side, () => withClients(mesh, directory, act));
}

const COLD = 'cold start';

export function coldOurs(mesh: ScaleMesh, directory: string, { log }: BenchOptions): Promise<Row[]> {
  log(`${OURS}: ${COLD}`);
  return withClients(mesh, directory, async (clients) => {
    const startMs = monotonicMs();
    const connected = await withSide(await ours(mesh, directory), (side) => clients.connect(side, startMs));
    return [{ what: COLD, server: OURS, runs: [connected] }];
  });
}

export async function coldIstio(mesh: ScaleMesh, directory: string, { log }: BenchOptions): Promise<Row[]> {
  log(`${ISTIOD}: writing ${mesh.resources.length} objects, then ${COLD}`);
  return withSide(await startIstio(mesh, directory, log), (side) =>
    withClients(mesh, directory, async (clients) => {
      await side.end();
      const startMs = monotonicMs();
      await side.restart();
      return [{ what: COLD, server: ISTIOD, runs: [await clients.connect(side, startMs)] }];
    }),
  );
}
