import { availableParallelism } from 'node:os';
import type { Clock, Logger } from '@meshwise/core';
import type { PlanOptions } from '@meshwise/load';
import type { RunEnvironment, UseProbe } from '@meshwise/performance';
import { environmentOf } from '@meshwise/performance/node';
import type { GuestPlaces } from '@meshwise/platform';
import type { Home } from '../home.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { configurationHash } from './configuration-hash.ts';
import type { LoadPodContext } from './load-pod.ts';
import { meshUseProbe } from './use-probe.ts';

/** What measuring needs of the daemon. */
export interface MeasuringContext {
  readonly mesh: Mesh;
  readonly home: Home;
  readonly cacheDirectory: string;
  readonly version: string;
  /** Of the store of results; undefined: a file in the state directory. */
  readonly databaseUrl: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
}

export function loadPods({ mesh, clock, logger }: MeasuringContext): LoadPodContext {
  const isSynced = (proxyId: string) => {
    const status = mesh.ads.proxyStatus(proxyId);
    return status?.connectedSinceMs !== undefined && status.synced;
  };
  return { store: mesh.store, capture: mesh.capture, proxies: () => mesh.proxies.all(), isSynced, clock, logger };
}

export function guestPlaces({ mesh, home, cacheDirectory }: MeasuringContext): GuestPlaces {
  return { capture: mesh.capture, cacheDirectory, stateDirectory: home.path };
}

export function useOf({ mesh }: MeasuringContext): UseProbe {
  return meshUseProbe({
    store: mesh.store,
    proxies: () => mesh.proxies.all(),
    programPids: (uid) => mesh.kubelet.programPids(uid),
    daemonPid: process.pid,
  });
}

export async function environmentHere({ mesh, version }: MeasuringContext): Promise<RunEnvironment> {
  const { mode, rootless } = mesh.capture;
  return environmentOf({
    version,
    envoy: mesh.envoyVersion,
    capture: rootless ? `${mode}, rootless` : mode,
    configurationHash: await configurationHash(mesh.store),
  });
}

export function planOptions({ random }: MeasuringContext): PlanOptions {
  return { cores: availableParallelism(), seed: Math.floor(random() * 2 ** 32) };
}
