import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { istioMesh, kubernetesMesh } from '@meshwise/meshes';
import { createMeshModel, type ObservableMeshModel, type ProxyDescriptor } from '@meshwise/model';
import { CertificateAuthority, SecretRegistry } from '@meshwise/platform';
import type { Resource } from '@meshwise/resources';
import { type AdsServer, type ControlPlane, createAdsServer, createControlPlane } from '@meshwise/xds';

export interface OwnMesh {
  readonly model: ObservableMeshModel;
  readonly ads: AdsServer;
  readonly plane: ControlPlane;
}

export function meshModel(resources: readonly Resource[]): ObservableMeshModel {
  const model = createMeshModel({ readers: [kubernetesMesh, istioMesh] });
  model.update(resources.map((resource) => ({ type: 'upsert', resource }) as const));
  return model;
}

export interface OwnMeshOptions {
  readonly resources: readonly Resource[];
  readonly proxies: readonly ProxyDescriptor[];
  readonly socketOf: (proxy: number) => string;
}

/** The control plane as the daemon puts it together, with every proxy known and its socket open. */
export async function openMesh({ resources, proxies, socketOf }: OwnMeshOptions): Promise<OwnMesh> {
  const common = { clock: systemClock, logger: silentLogger };
  const directory = await mkdtemp(join(tmpdir(), 'mw-bench-ca-'));
  const authority = await CertificateAuthority.open({ directory, trustDomain: 'cluster.local', clock: systemClock });
  await rm(directory, { recursive: true });
  const secrets = new SecretRegistry({ issuer: authority, ...common });
  const model = meshModel(resources);
  const ads = createAdsServer(common);
  const plane = createControlPlane({ model, ads, secrets, ...common });
  for (const [index, proxy] of proxies.entries()) {
    plane.setProxy(proxy, { socketPath: socketOf(index) });
    await ads.listen({ socketPath: socketOf(index), mode: 0o600 });
  }
  // The certificate comes a little later, and is published then.
  const [first] = model.proxies();
  for (
    let tries = 0;
    tries < 500 && first?.identity !== undefined && secrets.get(first.identity) === undefined;
    tries += 1
  ) {
    await systemClock.sleep(10);
  }
  plane.publish();
  return { model, ads, plane };
}
