import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '@meshwise/resources';
import { envoyPath } from '../../../packages/xds/src/testing/envoy-path.ts';
import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import { Processes, waitUntil } from '../../../tools/cluster/processes.ts';
import { type Cluster, startCluster } from '../../../tools/cluster/start-cluster.ts';
import { startAuthorizers } from './authorizers.ts';
import { Backends } from './backends.ts';
import { startIstioSide } from './istio-side.ts';
import { generationShown, markerObjects } from './marker.ts';
import { MESH_CONFIG, meshConfigObject } from './mesh-config.ts';
import { type OurSide, startOurSide } from './our-side.ts';
import { shopObjects, startShop } from './shop.ts';
import type { Side } from './side.ts';

/** Two meshes around the same programs, one under istiod and one under ours. */
export interface World {
  readonly cluster: Cluster;
  readonly istio: Side;
  readonly ours: OurSide;
  readonly backends: Backends;
  readonly directory: string;
  /** A certificate with its key and authority, of no name in particular. */
  readonly certificate: { readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer };
  /** Makes the given resources the only ones beside the shop; returns when both sides have them. */
  replace(objects: readonly KubeObject[], options?: ReplaceOptions): Promise<void>;
  stop(): Promise<void>;
}

export interface ReplaceOptions {
  readonly staysCold?: true;
  /** Each is younger than the one before it. */
  readonly apart?: true;
}

const SETTLE_MS = 10_000;
const A_SECOND_MS = 1010;

export async function startWorld(): Promise<World> {
  const envoy = envoyPath();
  if (envoy === undefined) throw new Error('there is no Envoy; `npm test` fetches it');
  const directory = await mkdtemp(join(tmpdir(), 'mw-oracle-'));
  const processes = new Processes(directory);
  const cluster = await startCluster({
    directory: join(directory, 'cluster'),
    istiodEnvironment: { PILOT_DEBOUNCE_AFTER: '50ms' },
    gatewayApi: true,
    meshConfig: MESH_CONFIG,
  });
  const backends = new Backends();
  const pki = (name: string) => readFile(join(directory, 'cluster', 'pki', name));
  const certificate = { cert: await pki('server.crt'), key: await pki('server.key'), ca: await pki('ca.crt') };
  await startShop(backends, certificate);
  const authorizers = await startAuthorizers(backends);
  const stored: Resource[] = [];
  for (const object of shopObjects()) stored.push(await store(cluster, object));
  const [istio, ours] = await Promise.all([
    startIstioSide({ cluster, processes, directory, envoyPath: envoy }),
    startOurSide(directory),
  ]);
  ours.change([...stored, meshConfigObject() as unknown as Resource], []);
  let generation = 0;
  let current: readonly Resource[] = [];
  const world: World = {
    ...{ cluster, istio, ours, backends, directory, certificate },
    async replace(objects, options = {}) {
      // What stays cold must not stand behind what served before it.
      if (options.staysCold === true) await world.replace([]);
      generation += 1;
      const names = new Set(objects.map(nameOf));
      const gone = current.filter((object) => !names.has(nameOf(object)));
      for (const object of gone) await cluster.api.delete(asKubeObject(object));
      const applied: Resource[] = [];
      for (const [index, object] of objects.entries()) {
        if (options.apart === true && index > 0) await sleep(A_SECOND_MS);
        applied.push(await store(cluster, object));
      }
      const markers: Resource[] = [];
      for (const object of markerObjects(generation)) markers.push(await store(cluster, object));
      ours.change([...applied, ...markers], gone);
      current = applied;
      const isWarm = options.staysCold !== true;
      await Promise.all([settled(istio, generation, isWarm), settled(ours, generation, isWarm)]);
    },
    async stop() {
      await Promise.all([istio.stop(), ours.stop()]);
      await processes.stop();
      await cluster.stop();
      backends.close();
      authorizers.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

async function settled(side: Side, generation: number, isWarm: boolean): Promise<void> {
  const shown = async () => {
    const seen = await generationShown(side);
    const isShown = seen.every((text) => text === String(generation)) && (await side.isServerAt(generation));
    return isShown && (!isWarm || (await side.isWarm()));
  };
  try {
    await waitUntil(shown, `${side.name} to have generation ${generation}`, SETTLE_MS);
  } catch (error) {
    const seen = await generationShown(side);
    const warm = await side.isWarm();
    throw new Error(
      `${String(error)}: shown ${seen}, warm ${warm}; rejected: ${side.rejections().slice(-2).join('\n')}`,
    );
  }
}

/** The object as the API server has it: with its defaults and its time of creation, which decides precedence. */
async function store({ api }: Cluster, object: KubeObject): Promise<Resource> {
  let stored = await api.apply(object);
  if (object['status'] !== undefined) stored = await api.applyStatus(object);
  const { managedFields: _, ...metadata } = stored.metadata;
  return { ...stored, metadata } as unknown as Resource;
}

function asKubeObject(resource: Resource): KubeObject {
  return resource as unknown as KubeObject;
}

function nameOf({
  kind,
  metadata,
}: {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}) {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}
