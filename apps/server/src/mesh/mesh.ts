import type { Clock, Logger } from '@meshwise/core';
import { MESHES } from '@meshwise/meshes';
import { createMeshModel, type ObservableMeshModel, type Residue } from '@meshwise/model';
import {
  type Capture,
  CertificateAuthority,
  type ControllerGroup,
  certificateInspector,
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
  scratchEnvoy,
} from '@meshwise/platform';
import { GarbageCollector, type GatewaySpec } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { type AdsServer, createAdsServer, createControlPlane, outsideOf } from '@meshwise/xds';
import { Attachments } from '../attach/attachments.ts';
import type { Home } from '../home.ts';
import { Judge } from '../operations/judge.ts';
import { baseResources } from './base-resources.ts';
import { StoreContainerResolver } from './container-resolver.ts';
import { MeshControl } from './control.ts';
import { targetPortOf } from './gateway-target-port.ts';
import { type Following, listAndWatch } from './list-and-watch.ts';
import { feedModel } from './model-feed.ts';
import { RateLimitProcess } from './rate-limit-process.ts';

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
  /** What is said of resources: by the model, and by the control plane when it printed them. By `keyText`. */
  residues(): ReadonlyMap<string, readonly Residue[]>;
  readonly ads: AdsServer;
  readonly capture: Capture;
  readonly secrets: SecretRegistry;
  readonly proxies: ProxyManager;
  readonly attachments: Attachments;
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
    createMeshModel({
      readers: MESHES,
      trustDomain: TRUST_DOMAIN,
      clusterDomain: CLUSTER_DOMAIN,
      certificates: certificateInspector,
    });
  const model = newModel();
  const trialModel = newModel();
  const ads = createAdsServer({ logger, clock });
  const rateLimits = new RateLimitProcess({
    ...{ model, host, clock, logger },
    runDirectory: home.run,
    logDirectory: home.logs,
  });
  const { socketPath: rateLimitSocketPath } = rateLimits;
  const scratch = scratchEnvoy({ envoyPath: envoy.path, directory: `${home.run}/scratch` });
  const plane = createControlPlane({
    ...{ model, ads, secrets, clock, logger, rateLimitSocketPath, scratch },
    ...(capture.outside === undefined ? {} : { outside: outsideOf(capture.outside) }),
  });
  const kinds = MESHES.flatMap(({ reads }) => reads);
  await feedModel({
    store,
    models: [model, trialModel],
    kinds,
    clock,
    signal,
    logger,
    onChange: () => {
      plane.changed();
      rateLimits.changed();
    },
  });

  await rateLimits.start();

  const gatewayPorts = new GatewayPorts(home.gatewayPorts, options.gatewayPort);
  await gatewayPorts.load();
  const control = new MeshControl(ads, plane, secrets, model, clock, capture.outside?.resolver);
  const proxies = new ProxyManager({
    envoyPath: envoy.path,
    runDirectory: home.run,
    logDirectory: home.logs,
    trustDomain: TRUST_DOMAIN,
    clusterDomain: CLUSTER_DOMAIN,
    capture,
    host,
    control,
    gatewayPorts,
    targetPortOf: (pod, port) => targetPortOf(store, pod, port),
    clock,
    logger,
  });
  await followGatewayPorts(proxies, { store, clock, signal, logger });
  const attachments = new Attachments({
    ...{ store, control, capture, clock, logger },
    runDirectory: home.run,
    trustDomain: TRUST_DOMAIN,
    clusterDomain: CLUSTER_DOMAIN,
  });
  await attachments.follow(signal);

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
      judge: new Judge(trialModel, { model, plane }),
      residues: () => joined(joined(model.residues(), plane.residues()), attachments.residues()),
      capture,
      secrets,
      proxies,
      attachments,
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
      rateLimits.leave();
      plane.close();
      secrets.close();
      await Promise.allSettled(background);
      await ads.close();
      store.close();
    },
  };
}

type Residues = ReadonlyMap<string, readonly Residue[]>;

function joined(one: Residues, other: Residues): Residues {
  if (other.size === 0) return one;
  return new Map(
    [...new Set([...one.keys(), ...other.keys()])].map((key) => [
      key,
      [...(one.get(key) ?? []), ...(other.get(key) ?? [])],
    ]),
  );
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
  const move = () => proxies.updateInsideGateways();
  await listAndWatch({ ...following, kind: { group: '', kind: 'Service' }, onList: move, onEvent: move });
}
