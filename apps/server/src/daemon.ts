import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { StatusView } from '@meshwise/api';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import {
  type CertificateSummary,
  cleanUp,
  defaultCacheDirectory,
  type Gateway,
  machinePortsOf,
  readCertificates,
  readProcessStat,
} from '@meshwise/platform';
import { seenAttachment } from './attach/seen-attachments.ts';
import { choosePorts } from './choose-ports.ts';
import { Ending } from './ending.ts';
import { homeAt, prepareHome, writePrivate } from './home.ts';
import type { Api } from './http/api.ts';
import { Authority } from './http/auth.ts';
import { createApi } from './http/server.ts';
import { IdentityOperations } from './identity/operations.ts';
import { takeLock } from './lock.ts';
import { CLUSTER_DOMAIN, type Mesh, startMesh, TRUST_DOMAIN } from './mesh/mesh.ts';
import { TapHub } from './operations/tap.ts';
import { resultConditions } from './perf/condition.ts';
import { Measuring } from './perf/measuring.ts';
import { applySample, SAMPLE_CATALOGUES } from './sample.ts';
import { type DaemonRequest, workloadLifetimeMs } from './settings.ts';
import { shiftControllers } from './shift/controller.ts';
import { ShiftHistory } from './shift/history.ts';
import { EnvoyMeter } from './shift/meter.ts';
import { buildStatus } from './status/build-status.ts';
import { Sampler } from './status/sampler.ts';
import { readResources, type SeenProxy } from './status/snapshot.ts';
import { StatusHub } from './status/status-hub.ts';
import { TrafficRecorder } from './traffic-metrics/recorder.ts';
import { VERSION } from './version.ts';

const API_HOST = '127.0.0.1';
const UI_HOST = 'localhost';
const WEB_DIRECTORY = fileURLToPath(new URL('../../web/dist', import.meta.url));
/** Images of our own. */
const OWN_CATALOGUE = fileURLToPath(new URL('../images/images.json', import.meta.url));
const STOP_GRACE_MS = 5_000;
const SETTLING_MS = 60_000;

export interface DaemonOptions {
  readonly request: DaemonRequest;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** Called after the API's `shutdown` has stopped everything. */
  readonly onShutDown: () => void;
}

export interface Daemon {
  readonly api: string;
  readonly mesh: Mesh;
  /** The daemon goes, the mesh stays. */
  leave(): Promise<void>;
  /** Stops everything that was started on this state, then leaves. */
  shutDown(): Promise<void>;
}

/** Starts a daemon on a state directory and resolves once its API listens and every stored pod is taken up. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { request, clock, logger, random } = options;
  const home = homeAt(request.home);
  await prepareHome(home);
  await rm(home.startError, { force: true });
  const unlock = await takeLock(home).catch(async (error: unknown) => {
    throw await leaveReason(home, error);
  });
  const stopping = new AbortController();
  const startedAtMs = clock.nowMs();
  const startedAt = new Date(startedAtMs).toISOString();
  let settled = false;
  let lifecycle: 'starting' | 'running' | 'stopping' = 'starting';
  try {
    const ports = await choosePorts(home, request);
    const addresses = {
      api: `http://${API_HOST}:${ports.apiPort}`,
      // Another name than the gateway's, since browsers send cookies to all ports of a name.
      ui: `http://${UI_HOST}:${ports.apiPort}`,
      gateway: `http://${API_HOST}:${ports.gatewayPort}`,
    };
    const cacheDirectory = defaultCacheDirectory(process.env);
    const mesh = await startMesh({
      home,
      capture: request.capture,
      gatewayPort: ports.gatewayPort,
      imageCatalogues: [OWN_CATALOGUE, ...SAMPLE_CATALOGUES],
      cacheDirectory,
      workloadLifetimeMs: workloadLifetimeMs(process.env),
      clock,
      logger,
      random,
    });
    if (request.sample !== 'none') await applySample(mesh, request.sample);
    const databaseUrl = process.env['MESHWISE_DATABASE_URL'];
    const measuring = new Measuring({
      mesh,
      home,
      cacheDirectory,
      version: VERSION,
      databaseUrl,
      clock,
      logger,
      random,
    });
    await measuring.start();
    const shiftHistory = new ShiftHistory();
    shiftControllers({
      store: mesh.store,
      clock,
      logger,
      meter: new EnvoyMeter({ clock, proxies: () => mesh.proxies.all() }),
      history: shiftHistory,
      clusterDomain: CLUSTER_DOMAIN,
    })
      .run(stopping.signal)
      .catch((error: unknown) => logger.error('the controller of shifts stopped', { error: String(error) }));
    const sampled = () => [...mesh.proxies.all(), ...mesh.attachments.envoys()];
    const sampler = new Sampler({ clock, logger, proxies: sampled });
    const status = new StatusHub({ clock, logger, build: () => buildNow() });
    mesh.ads.onEvent(() => status.changed());
    // Also at first, when whoever started the mesh waits for it.
    const isWatched = () => status.isWatched || clock.nowMs() - startedAtMs < SETTLING_MS;
    sampler.run(stopping.signal, isWatched, () => status.changed()).catch(() => undefined);
    const traffic = new TrafficRecorder({ clock, logger, proxies: () => mesh.proxies.all() });
    traffic.run(stopping.signal).catch(() => undefined);

    const buildNow = async (): Promise<StatusView> => {
      const resources = await readResources(mesh.store);
      const proxies: SeenProxy[] = mesh.proxies.all().map((running) => {
        const certificate = certificateOf(mesh, running.descriptor.identity);
        return { running, xds: mesh.ads.proxyStatus(running.descriptor.id), certificate, nowMs: clock.nowMs() };
      });
      for (const attachment of mesh.attachments.all()) {
        const certificate = certificateOf(mesh, attachment.descriptor.identity);
        proxies.push(seenAttachment(attachment, mesh.ads, { certificate, nowMs: clock.nowMs() }));
      }
      const hasGateway = resources.gateways.length > 0;
      const settling = !settled && clock.nowMs() - startedAtMs < SETTLING_MS;
      const view = buildStatus(
        {
          ...resources,
          proxies,
          residues: mesh.residues(),
          samples: sampler.latest,
          programPids: (uid) => mesh.kubelet.programPids(uid),
          gatewayPorts: mesh.gatewayPorts.all,
          classGatewayPorts: (gateway) => machinePortsOf(gateway as Gateway, mesh.gatewayPorts),
        },
        {
          nowMs: clock.nowMs(),
          version: VERSION,
          lifecycle,
          settling,
          clusterDomain: CLUSTER_DOMAIN,
          mesh: {
            name: 'local',
            trustDomain: TRUST_DOMAIN,
            capture: mesh.capture.mode,
            rootless: mesh.capture.rootless,
            notes: [...mesh.capture.notes],
            sample: request.sample === 'none' ? null : request.sample,
            envoyVersion: mesh.envoyVersion,
          },
          addresses: { ...addresses, gateway: hasGateway ? addresses.gateway : null },
          daemon: { pid: process.pid, startedAt },
        },
      );
      settled ||= view.state === 'ready';
      return { ...view, conditions: [...view.conditions, ...resultConditions(measuring.failure)] };
    };

    let api: Api | undefined;
    let stopReason = 'the daemon was stopped';
    const ending = new Ending({
      logger,
      steps: {
        leave: [
          async () => {
            lifecycle = 'stopping';
            stopping.abort(new Error('the daemon leaves'));
          },
          () => measuring.close(stopReason),
          async () => api?.close(),
          () => mesh.leave(),
          () => rm(home.daemon, { force: true }),
        ],
        cleanUp: async () => {
          await cleanUp({ home: home.path, graceMs: STOP_GRACE_MS, clock });
        },
        unlock,
      },
    });
    const leave = () => ending.leave();
    const shutDown = () => {
      stopReason = 'the mesh was stopped';
      return ending.shutDown().finally(options.onShutDown);
    };
    const token = await readOrMakeToken(home.token);
    api = await createApi(
      {
        store: mesh.store,
        judge: mesh.judge,
        status,
        proxies: mesh.proxies,
        attachments: mesh.attachments,
        capture: mesh.capture,
        model: mesh.model,
        authority: new Authority(token, clock),
        taps: new TapHub(logger),
        measuring,
        shiftHistory,
        traffic,
        identity: new IdentityOperations({
          ...{ store: mesh.store, authority: mesh.authority, secrets: mesh.secrets, ads: mesh.ads, clock, logger },
          proxies: () => [...mesh.proxies.all(), ...mesh.attachments.envoys()],
          publish: () => mesh.publish(),
          status: () => status.current(),
        }),
        clock,
        logger,
        logDirectory: home.logs,
        uiAddress: () => addresses.ui,
        shutDown: () => {
          lifecycle = 'stopping';
          shutDown().catch((error: unknown) => logger.error('shut-down failed', { error: String(error) }));
        },
        stopping: stopping.signal,
      },
      {
        ownHosts: new Set([`${API_HOST}:${ports.apiPort}`, `${UI_HOST}:${ports.apiPort}`]),
        webDirectory: WEB_DIRECTORY,
        version: VERSION,
      },
    );
    await listen(api, ports.apiPort);
    lifecycle = 'running';
    const startTicks = readProcessStat(process.pid)?.startTicks ?? 0;
    await writePrivate(home.daemon, JSON.stringify({ pid: process.pid, startTicks, api: addresses.api, startedAt }));
    return { api: addresses.api, mesh, leave, shutDown };
  } catch (error) {
    const known = await leaveReason(home, error);
    await unlock();
    throw known;
  }
}

function certificateOf({ secrets }: Mesh, identity: Identity | undefined): CertificateSummary | undefined {
  const secret = identity === undefined ? undefined : secrets.get(identity);
  return secret === undefined ? undefined : readCertificates(secret.certificateChainPem)[0];
}

/** For whoever started the daemon and cannot read its log. */
async function leaveReason(home: ReturnType<typeof homeAt>, error: unknown): Promise<MeshwiseError> {
  const known = MeshwiseError.from(error);
  await writePrivate(home.startError, JSON.stringify(known.toJSON())).catch(() => undefined);
  return known;
}

async function readOrMakeToken(path: string): Promise<string> {
  const stored = await readFile(path, 'utf8').catch(() => '');
  if (stored.trim().length >= 32) return stored.trim();
  const token = randomBytes(32).toString('base64url');
  await writePrivate(path, `${token}\n`);
  return token;
}

async function listen(api: Api, port: number): Promise<void> {
  try {
    await api.listen({ host: API_HOST, port });
  } catch (cause) {
    throw new MeshwiseError('MW6002', `port ${port} for the API is taken`, { found: String(port) }, { cause });
  }
}
