import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from './api-server.ts';
import type { KubeApi } from './kube-api.ts';
import { freePorts } from './ports.ts';
import type { Processes } from './processes.ts';

export interface Istiod {
  /** `127.0.0.1:port` of its ADS server without TLS. */
  readonly grpcAddress: string;
  /** The one with TLS, which agents use; its certificate is for `localhost`. */
  readonly secureGrpcAddress: string;
  /** `http://127.0.0.1:port` of its debugging interface. */
  readonly debugUrl: string;
  readonly pid: number;
}

interface IstiodOptions {
  readonly directory: string;
  readonly binaries: string;
  readonly kubeconfigPath: string;
  readonly api: KubeApi;
  readonly istiodEnvironment?: Readonly<Record<string, string>>;
  readonly meshConfig?: Readonly<Record<string, unknown>>;
}

/**
 * The two filters that upstream Envoy does not have are off, and no metrics provider is named, whose filter it does not
 * have either. Neither changes where a request goes.
 */
const WITHOUT_ISTIO_FILTERS = { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' };

/** Nothing runs gateways for its Gateways here: they are bound to one that is there. */
export const WITH_GATEWAY_API = {
  PILOT_ENABLE_GATEWAY_API: 'true',
  PILOT_ENABLE_GATEWAY_API_STATUS: 'true',
  PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'false',
};

export async function startIstiod(processes: Processes, options: IstiodOptions): Promise<Istiod> {
  const { directory } = options;
  const home = join(directory, 'istiod');
  await mkdir(home, { recursive: true });
  await options.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
  const [http = 0, grpc = 0, secure = 0, https = 0, monitoring = 0, introspection = 0] = await freePorts(6);
  const at = (port: number) => `127.0.0.1:${port}`;
  const mesh = {
    trustDomain: 'cluster.local',
    rootNamespace: 'istio-system',
    enablePrometheusMerge: false,
    accessLogFile: '',
    defaultProviders: {},
    defaultConfig: { discoveryAddress: at(secure) },
    ...options.meshConfig,
  };
  await writeFile(join(home, 'mesh.json'), JSON.stringify(mesh));
  const pid = await processes.start({
    name: 'istiod',
    command: join(options.binaries, 'pilot-discovery'),
    args: [
      ...['discovery', `--kubeconfig=${options.kubeconfigPath}`, '--namespace=istio-system', '--registries=Kubernetes'],
      ...[`--meshConfig=${join(home, 'mesh.json')}`, '--domain=cluster.local', '--log_target=stdout'],
      ...[`--httpAddr=${at(http)}`, `--grpcAddr=${at(grpc)}`, `--secureGRPCAddr=${at(secure)}`],
      ...[`--httpsAddr=${at(https)}`, `--monitoringAddr=${at(monitoring)}`],
      ...['--ctrlz_address=127.0.0.1', `--ctrlz_port=${introspection}`],
      ...['--kubernetesApiQPS=300', '--kubernetesApiBurst=600'],
    ],
    cwd: home,
    env: {
      ...process.env,
      ...{ POD_NAME: 'istiod', POD_NAMESPACE: 'istio-system', SERVICE_ACCOUNT: 'istiod', REVISION: 'default' },
      ...{ CLUSTER_ID: 'Kubernetes', TOKEN_AUDIENCES: 'istio-ca', ISTIOD_CUSTOM_HOST: 'localhost' },
      ...{ INJECT_ENABLED: 'false', VALIDATION_WEBHOOK_CONFIG_NAME: '', ENABLE_DEBUG_ENDPOINT_AUTH: 'false' },
      ...{ PILOT_ENABLE_STATUS: 'false', PILOT_ENABLE_GATEWAY_API: 'false' },
      ...WITHOUT_ISTIO_FILTERS,
      ...options.istiodEnvironment,
    },
    isReady: () => answers(`http://${at(http)}/ready`),
  });
  return {
    grpcAddress: at(grpc),
    secureGrpcAddress: at(secure),
    debugUrl: `http://${at(http)}`,
    pid,
  };
}
