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
  type Gateway,
  GatewayPorts,
  Kubelet,
  keepLogsBounded,
  MARK,
  machinePortsOf,
  ProcessHost,
  ProxyManager,
  platformControllers,
  podAdmitter,
  pythonExecutable,
  SecretRegistry,
  scratchEnvoy,
  sweepAuthority,
} from '@meshwise/platform';
import { GarbageCollector } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { type AdsServer, createAdsServer, createControlPlane, outsideOf } from '@meshwise/xds';
import { Attachments } from '../attach/attachments.ts';
import type { Home } from '../home.ts';
import { Judge } from '../operations/judge.ts';
import { baseResources } from './base-resources.ts';
import { StoreContainerResolver } from './container-resolver.ts';
import { MeshControl } from './control.ts';
import { feedGatewayPorts } from './gateway-ports-feed.ts';
import { GatewayStatus } from './gateway-status.ts';
import { targetPortOf } from './gateway-target-port.ts';
import { untilGatewaysAreBack } from './gateways-back.ts';
import { insideConnection } from './inside-connection.ts';
import { KeySets } from './key-sets.ts';
import { feedModel } from './model-feed.ts';
import { RateLimitProcess } from './rate-limit-process.ts';

export const TRUST_DOMAIN = 'cluster.local';
export const CLUSTER_DOMAIN = 'cluster.local';
const GATEWAYS_BACK_MS = 15_000;

export interface MeshOptions {
  readonly home: Home;
  readonly capture: 'auto' | 'netns' | 'loopback';
  readonly gatewayPort: number;
  /** Image catalogues of samples; the user's own is read after them. */
  readonly imageCatalogues: readonly string[];
  readonly cacheDirectory: string;
  /** How long certificates of workloads live; a day when absent. */
  readonly workloadLifetimeMs: number | undefined;
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
  readonly authority: CertificateAuthority;
  readonly secrets: SecretRegistry;
  /** Publishes at once what the control plane would publish shortly. */
  publish(): void;
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
  const { workloadLifetimeMs } = options;
  const authority = await CertificateAuthority.open({
    ...{ directory: home.authority, trustDomain: TRUST_DOMAIN, clock, logger },
    ...(workloadLifetimeMs === undefined ? {} : { workloadLifetimeMs }),
  });
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
  const kinds = [
    ...new Map(MESHES.flatMap(({ reads }) => reads).map((kind) => [`${kind.group}/${kind.kind}`, kind])).values(),
  ];
  // Keys are wanted as soon as there are resources, and may be within a mesh that is not there yet.
  const { promise: startedProxies, resolve: haveStarted } = Promise.withResolvers<ProxyManager>();
  const keySets = new KeySets({
    ...{ models: [model, trialModel] as const, file: home.keySets, clock, logger },
    connectInside: async (...way) =>
      insideConnection({ store, proxies: await startedProxies, clusterDomain: CLUSTER_DOMAIN })(...way),
    onChange: () => plane.changed(),
  });
  await keySets.load();
  const gatewayPorts = new GatewayPorts(home.gatewayPorts, options.gatewayPort);
  const gatewayStatus = new GatewayStatus({
    ...{ store, model, clock, logger },
    machinePorts: (gateway) => machinePortsOf(gateway as Gateway, gatewayPorts),
  });
  await gatewayPorts.load();
  ads.onEvent(() => gatewayStatus.changed());
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
      keySets.changed();
      gatewayStatus.changed();
    },
  });

  await rateLimits.start();

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
  await feedGatewayPorts(proxies, { store, clock, signal, logger, onPorts: () => gatewayStatus.refresh() });
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
  haveStarted(proxies);

  const controllers = platformControllers({ store, clock, logger, random, admit: podAdmitter(store) });
  const background = [
    controllers.run(signal),
    untilGatewaysAreBack(store, proxies, clock, { withinMs: GATEWAYS_BACK_MS, signal }).then(() =>
      gatewayStatus.run(signal),
    ),
    new GarbageCollector({ store, clock, logger }).run(signal),
    sweepAuthority(authority, clock, signal, logger),
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
      authority,
      secrets,
      proxies,
      attachments,
      kubelet,
      controllers,
      host,
      gatewayPorts,
    },
    envoyVersion: envoy.version,
    publish: () => void plane.publish(),
    async leave() {
      leaving.abort(new Error('the daemon leaves'));
      kubelet.stop();
      proxies.leave();
      rateLimits.leave();
      await keySets.close();
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
