import type { Clock, Logger } from '@meshwise/core';
import { istioMesh, kubernetesMesh } from '@meshwise/meshes';
import { createMeshModel, type ObservableMeshModel } from '@meshwise/model';
import {
  type Capture,
  CertificateAuthority,
  type ControllerGroup,
  chooseCapture,
  ensureEnvoy,
  GatewayPorts,
  Kubelet,
  keepLogsBounded,
  MARK,
  ProcessHost,
  ProxyManager,
  platformControllers,
  podAdmitter,
  pythonExecutable,
  SecretRegistry,
} from '@meshwise/platform';
import { GarbageCollector, type GatewaySpec } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { type AdsServer, createAdsServer, createControlPlane } from '@meshwise/xds';
import type { Home } from '../home.ts';
import { Judge } from '../operations/judge.ts';
import { baseResources } from './base-resources.ts';
import { StoreContainerResolver } from './container-resolver.ts';
import { MeshControl } from './control.ts';
import { type Following, listAndWatch } from './list-and-watch.ts';
import { feedModel } from './model-feed.ts';

export const TRUST_DOMAIN = 'cluster.local';
export const CLUSTER_DOMAIN = 'cluster.local';
const GATEWAYS = { group: 'networking.istio.io', kind: 'Gateway' };

export interface MeshOptions {
  readonly home: Home;
  readonly capture: 'auto' | 'netns' | 'loopback';
  readonly gatewayPort: number;
  /** Image catalogues of samples; the user's own is read after them. */
  readonly imageCatalogues: readonly string[];
  readonly cacheDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
}

/** All parts of a running mesh on this machine. */
export interface Mesh {
  readonly store: SqliteResourceStore;
  readonly model: ObservableMeshModel;
  readonly judge: Judge;
  readonly ads: AdsServer;
  readonly capture: Capture;
  readonly secrets: SecretRegistry;
  readonly proxies: ProxyManager;
  readonly kubelet: Kubelet;
  readonly controllers: ControllerGroup;
  readonly host: ProcessHost;
  readonly gatewayPorts: GatewayPorts;
  readonly envoyVersion: string;
  /** Ends the daemon's part and leaves the data path running. */
  leave(): Promise<void>;
}

/** Puts a mesh together and starts it, taking up whatever an earlier daemon left running. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const { home, clock, logger, random } = options;
  const leaving = new AbortController();
  const { signal } = leaving;

  const store = new SqliteResourceStore({ path: home.store, clock });
  const envoy = await ensureEnvoy({ cacheDir: options.cacheDirectory });
  const authority = await CertificateAuthority.open({ directory: home.authority, trustDomain: TRUST_DOMAIN, clock });
  const secrets = new SecretRegistry({ issuer: authority, clock, logger, random });

  const host = new ProcessHost({ directory: `${home.run}/processes`, clock, mark: { [MARK]: home.path } });
  await host.adopt();
  const capture = await chooseCapture(options.capture, {
    python: await pythonExecutable(),
    host,
    runDirectory: home.run,
    stateDirectory: home.path,
    clusterDomain: CLUSTER_DOMAIN,
    clock,
    logger,
  });
  await capture.start();

  for (const resource of baseResources()) await store.apply(resource, { fieldManager: 'meshwise-base', force: true });

  const newModel = () =>
    createMeshModel({ readers: [kubernetesMesh, istioMesh], trustDomain: TRUST_DOMAIN, clusterDomain: CLUSTER_DOMAIN });
  const model = newModel();
  const trialModel = newModel();
  const ads = createAdsServer({ logger, clock });
  const plane = createControlPlane({ model, ads, secrets, clock, logger });
  const kinds = [...kubernetesMesh.reads, ...istioMesh.reads];
  await feedModel({
    store,
    models: [model, trialModel],
    kinds,
    clock,
    signal,
    logger,
    onChange: () => plane.changed(),
  });

  const gatewayPorts = new GatewayPorts(home.gatewayPorts, options.gatewayPort);
  await gatewayPorts.load();
  const proxies = new ProxyManager({
    envoyPath: envoy.path,
    runDirectory: home.run,
    logDirectory: home.logs,
    trustDomain: TRUST_DOMAIN,
    clusterDomain: CLUSTER_DOMAIN,
    capture,
    host,
    control: new MeshControl(ads, plane, secrets, model),
    gatewayPorts,
    clock,
    logger,
  });
  await followGatewayPorts(proxies, { store, clock, signal, logger });

  const kubelet = new Kubelet({
    store,
    capture,
    host,
    proxies,
    resolver: new StoreContainerResolver(store, [...options.imageCatalogues, home.images]),
    runDirectory: home.run,
    logDirectory: home.logs,
    cacheDirectory: options.cacheDirectory,
    clock,
    logger,
  });
  await kubelet.start();

  const controllers = platformControllers({ store, clock, logger, random, admit: podAdmitter(store) });
  const background = [
    controllers.run(signal),
    new GarbageCollector({ store, clock, logger }).run(signal),
    keepLogsBounded(home.logs, clock, signal, async (namespace, name) => {
      return (await store.get({ group: '', kind: 'Pod', namespace, name })) !== undefined;
    }),
  ];
  for (const task of background) {
    task.catch((error: unknown) => {
      if (!signal.aborted) logger.error('a controller stopped', { error: String(error) });
    });
  }

  return {
    ...{
      store,
      model,
      ads,
      judge: new Judge(trialModel),
      capture,
      secrets,
      proxies,
      kubelet,
      controllers,
      host,
      gatewayPorts,
    },
    envoyVersion: envoy.version,
    async leave() {
      leaving.abort(new Error('the daemon leaves'));
      kubelet.stop();
      proxies.leave();
      plane.close();
      secrets.close();
      await Promise.allSettled(background);
      await ads.close();
      store.close();
    },
  };
}

/** Every port that a Gateway names gets one of this machine, now and whenever Gateways change. */
async function followGatewayPorts(
  proxies: ProxyManager,
  following: Pick<Following, 'store' | 'clock' | 'signal' | 'logger'>,
): Promise<void> {
  const tell = async () => {
    const { items } = await following.store.list(GATEWAYS);
    const servers = items.flatMap((gateway) => (gateway.spec as GatewaySpec | undefined)?.servers ?? []);
    await proxies.setGatewayServerPorts(servers.map((server) => Number(server.port.number)));
  };
  await listAndWatch({ ...following, kind: GATEWAYS, onList: tell, onEvent: tell });
}
