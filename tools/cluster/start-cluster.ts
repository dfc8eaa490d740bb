/**
 * Kubernetes' API server and istiod as plain processes on 127.0.0.1, without a node, a controller or a container: the
 * least that istiod takes for a cluster. Every port is one that was free, so that several may run at once.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startApiServer } from './api-server.ts';
import { ensureBinaries } from './binaries.ts';
import { installCrds } from './crds.ts';
import { type Istiod, startIstiod, WITH_GATEWAY_API } from './istiod.ts';
import { KubeApi } from './kube-api.ts';
import { kubeconfig, makePki } from './pki.ts';
import { Processes } from './processes.ts';
import { GATEWAY_API_PLURALS, gatewayApiCrdFile } from './tools.ts';

export interface ClusterOptions {
  /** For keys, data and logs; made if need be, and left behind. */
  readonly directory: string;
  /** Added to istiod's environment: its feature switches. */
  readonly istiodEnvironment?: Readonly<Record<string, string>>;
  /** Fields of istiod's mesh configuration, over the ones set here. */
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  /** The kinds of the Gateway API are installed, and istiod reads them. */
  readonly gatewayApi?: true;
  readonly onProgress?: (message: string) => void;
}

export interface Cluster {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  readonly apiserverUrl: string;
  /** A client with all rights. */
  readonly api: KubeApi;
  readonly istiod: Istiod;
  /** Folder of the programs and files that were built. */
  readonly binaries: string;
  stop(): Promise<void>;
}

/** Starts etcd, kube-apiserver and istiod; the Istio CRDs are installed and istiod is ready when this returns. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { directory } = options;
  const binaries = await ensureBinaries(options.onProgress === undefined ? {} : { onProgress: options.onProgress });
  await mkdir(directory, { recursive: true });
  const processes = new Processes(directory);
  try {
    const pki = await makePki(join(directory, 'pki'));
    const apiserverUrl = await startApiServer(processes, binaries.directory, directory, pki);
    const kubeconfigPath = join(directory, 'admin.kubeconfig');
    await writeFile(kubeconfigPath, kubeconfig(pki, apiserverUrl), { mode: 0o600 });
    const api = new KubeApi(apiserverUrl, pki);
    const crds = options.gatewayApi === true ? GATEWAY_API_PLURALS.map(gatewayApiCrdFile) : [];
    for (const file of ['istio-crds.yaml', ...crds]) await installCrds(api, join(binaries.directory, file));
    const istiod = await startIstiod(processes, {
      ...options,
      ...{ binaries: binaries.directory, kubeconfigPath, api },
      istiodEnvironment: { ...(options.gatewayApi === true ? WITH_GATEWAY_API : {}), ...options.istiodEnvironment },
    });
    return {
      kubeconfig: kubeconfigPath,
      apiserverUrl,
      api,
      istiod,
      binaries: binaries.directory,
      async stop() {
        api.close();
        await processes.stop();
      },
    };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}
