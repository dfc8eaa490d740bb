import { writeFile } from 'node:fs/promises';
import { silentLogger, systemClock } from '@meshwise/core';
import { istioMesh, kubernetesMesh } from '@meshwise/meshes';
import { createMeshModel, type ProxyDescriptor } from '@meshwise/model';
import { type CertificateAuthority, SecretRegistry } from '@meshwise/platform';
import type { Resource } from '@meshwise/resources';
import { bootstrap, createAdsServer, createControlPlane } from '@meshwise/xds';
import { ADDRESSES, PORT } from './addresses.ts';
import { type RunningEnvoy, startEnvoy } from './start-envoy.ts';

export interface GeneratedOptions {
  readonly directory: string;
  readonly envoyPath: string;
  readonly cores: string | undefined;
  readonly authority: CertificateAuthority;
}

export interface Sidecars {
  readonly client: RunningEnvoy;
  readonly server: RunningEnvoy;
  stop(): Promise<void>;
}

const SYNC_MS = 30_000;

/** Two sidecars with the configuration that Meshwise makes of these resources, through its model, control plane and ADS. */
export async function startGenerated(options: GeneratedOptions): Promise<Sidecars> {
  const common = { clock: systemClock, logger: silentLogger };
  const model = createMeshModel({ readers: [kubernetesMesh, istioMesh] });
  model.update(resources().map((resource) => ({ type: 'upsert', resource }) as const));
  const ads = createAdsServer(common);
  const secrets = new SecretRegistry({ issuer: options.authority, ...common });
  const plane = createControlPlane({ model, ads, secrets, ...common });
  const start = async (name: string, podIp: string, programIp: string): Promise<RunningEnvoy> => {
    const proxy = sidecar(name, podIp, programIp, options.directory);
    const id = `generated-${name}`;
    const adsSocketPath = `${options.directory}/${id}.ads`;
    const configPath = `${options.directory}/${id}.json`;
    plane.setProxy(proxy, { socketPath: adsSocketPath });
    await ads.listen({ socketPath: adsSocketPath });
    const made = bootstrap({ proxy, adsSocketPath, adminSocketPath: `${options.directory}/${id}.admin` });
    await writeFile(configPath, JSON.stringify(made));
    const envoy = await startEnvoy({ ...options, name: id, configPath });
    const untilMs = performance.now() + SYNC_MS;
    while (plane.status(proxy.id)?.synced !== true) {
      if (performance.now() > untilMs) throw new Error(`not synced: ${JSON.stringify(plane.status(proxy.id))}`);
      await systemClock.sleep(25);
    }
    return envoy;
  };
  const server = await start('server', ADDRESSES.generatedServer, ADDRESSES.app);
  const client = await start('client', ADDRESSES.generatedClient, ADDRESSES.generatedClient);
  return {
    client,
    server,
    async stop() {
      await Promise.all([client.stop(), server.stop()]);
      plane.close();
      secrets.close();
      await ads.close();
    },
  };
}

function sidecar(name: string, podIp: string, programIp: string, directory: string): ProxyDescriptor {
  const labels = { app: name };
  return {
    id: `sidecar~${podIp}~${name}.default~default.svc.cluster.local`,
    role: 'sidecar',
    namespace: 'default',
    labels,
    identity: { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: name },
    workloads: [
      {
        namespace: 'default',
        pod: name,
        labels,
        serviceAccount: name,
        placement: { capture: 'loopback', podIp, programIp, tunnelSocketPath: `${directory}/${name}.tunnel` },
        containerPorts: [],
      },
    ],
  };
}

function resources(): Resource[] {
  const metadata = (name: string, labels: Record<string, string> = {}) => ({ namespace: 'default', name, labels });
  const pod = (name: string): Resource => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, { app: name, 'security.istio.io/tlsMode': 'istio' }),
    spec: { serviceAccountName: name },
  });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
    pod('client'),
    pod('server'),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('server'),
      spec: {
        clusterIP: '10.96.0.20',
        selector: { app: 'server' },
        ports: [{ name: 'http', port: PORT, targetPort: PORT }],
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: metadata('server-1', { 'kubernetes.io/service-name': 'server' }),
      addressType: 'IPv4',
      ports: [{ name: 'http', port: PORT, protocol: 'TCP' }],
      endpoints: [
        {
          addresses: [ADDRESSES.generatedServer],
          conditions: { ready: true },
          targetRef: { kind: 'Pod', name: 'server', namespace: 'default' },
        },
      ],
    },
  ];
}
