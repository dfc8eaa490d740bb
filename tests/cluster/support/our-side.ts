import { join } from 'node:path';
import { type Logger, silentLogger, systemClock } from '@meshwise/core';
import { MESHES } from '@meshwise/meshes';
import { createMeshModel, type Identity, type ProxyDescriptor } from '@meshwise/model';
import { keyOf, keyText, type Resource, withDefaults } from '@meshwise/resources';
import { type AdsServer, bootstrap, type ControlPlane, createAdsServer, createControlPlane } from '@meshwise/xds';
import { TestAuthority } from '../../../packages/xds/src/control-plane/testing/authority.ts';
import { type RunningEnvoy, startEnvoy } from '../../../packages/xds/src/control-plane/testing/envoy.ts';
import { waitUntil } from '../../../tools/cluster/processes.ts';
import { askFromOutside } from './ask.ts';
import { startClientPod } from './client.ts';
import { CLIENT, GATEWAY, GATEWAY_PORTS, type ProxyPod, SERVER } from './shop.ts';
import type { Side } from './side.ts';

/** The side whose resources are changed by hand: the other one watches the API server. */
export interface OurSide extends Side {
  change(applied: readonly Resource[], deleted: readonly Resource[]): void;
  /** What the readers say of a resource: fields that are not enforced. */
  verdicts(resource: Resource): readonly string[];
}

const READ = new Set(MESHES.flatMap(({ reads }) => reads).map(({ group, kind }) => `${group}/${kind}`));

/** Our control plane with the same two proxies, under the same names, around the same pods. */
export async function startOurSide(directory: string): Promise<OurSide> {
  const rejections: string[] = [];
  const error = (message: string, fields?: object) => void rejections.push(`${message} ${JSON.stringify(fields)}`);
  const logger: Logger = { ...silentLogger, error, child: () => logger };
  const common = { clock: systemClock, logger };
  const pod = await startClientPod();
  const authority = await TestAuthority.create();
  const model = createMeshModel({
    readers: MESHES,
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
  });
  const ads = createAdsServer(common);
  const plane = createControlPlane({ model, ads, secrets: authority, ...common });
  ads.onEvent((event) => {
    if (event.kind === 'nacked' || event.kind === 'secretRefused') rejections.push(JSON.stringify(event));
  });
  const proxies = [sidecar(pod.networkNamespacePath, directory), gateway(), server()];
  const start = (proxy: ProxyDescriptor) => startProxy(proxy, { directory, ads, plane, authority });
  const envoys = await Promise.all(proxies.map(start));
  return {
    name: 'meshwise',
    mesh: pod,
    gateway: {
      ask: (question) => askFromOutside({ ...question, address: OUR_GATEWAY_ADDRESS, port: ourPort(question.port) }),
    },
    server: { ask: (question) => askFromOutside({ ...question, address: SERVER.ours }) },
    // `isWarm` asks our control plane, which knows.
    isServerAt: async () => true,
    change(applied, deleted) {
      const known = (resource: Resource) => READ.has(`${keyOf(resource).group}/${resource.kind}`);
      model.update([
        ...deleted.filter(known).map((resource) => ({ type: 'delete' as const, key: keyOf(resource) })),
        ...applied
          .filter(known)
          .map((resource) => ({ type: 'upsert' as const, resource: withDefaults(here(resource)) })),
      ]);
      plane.publish();
    },
    async isWarm() {
      if (proxies.some(({ id }) => plane.status(id)?.synced !== true)) return false;
      const stats = await Promise.all(envoys.map(({ admin }) => admin('/stats?filter=warming')));
      return stats.every((text) => !/warming[a-z_]*: [1-9]/.test(text));
    },
    gatewayRoutes: async () => (await envoys[1]?.admin('/config_dump?resource=dynamic_route_configs')) ?? '',
    dump: () => Promise.all(envoys.map(({ admin }) => admin('/config_dump?include_eds'))),
    verdicts(resource) {
      const residues = model.residues().get(keyText(keyOf(resource))) ?? [];
      return residues.map(({ severity, message }) => `${severity}: ${message}`);
    },
    rejections: () => rejections,
    async stop() {
      await Promise.all(envoys.map((envoy) => envoy.stop()));
      plane.close();
      await ads.close();
      pod.stop();
    },
  };
}

/** Both gateways bind in one network, so ours has its ports elsewhere. */
const OUR_GATEWAY_ADDRESS = '10.244.7.3';
const ourPort = (port: number) => 20_000 + port;

function identityOf(pod: ProxyPod): Identity {
  return { trustDomain: 'cluster.local', namespace: pod.namespace, serviceAccount: pod.serviceAccount };
}

function describe(kind: string, pod: ProxyPod) {
  const { name, namespace, podIp, labels } = pod;
  const id = `${kind}~${podIp}~${name}.${namespace}~${namespace}.svc.cluster.local`;
  return { id, namespace, labels, identity: identityOf(pod) };
}

function sidecar(networkNamespacePath: string, directory: string): ProxyDescriptor {
  const { namespace, name, labels, serviceAccount, podIp } = CLIENT;
  const tunnelSocketPath = join(directory, 'client.tunnel');
  const placement = {
    capture: 'netns',
    podIp,
    programIp: '127.0.0.1',
    networkNamespacePath,
    tunnelSocketPath,
  } as const;
  const workload = { namespace, pod: name, labels, serviceAccount, placement, containerPorts: [] };
  return { ...describe('sidecar', CLIENT), role: 'sidecar', workloads: [workload] };
}

/** The server with a sidecar is at another address on this side. */
function here(resource: Resource): Resource {
  return JSON.parse(JSON.stringify(resource).replaceAll(SERVER.podIp, SERVER.ours)) as Resource;
}

function server(): ProxyDescriptor {
  const { namespace, name, labels, serviceAccount, ours, program } = SERVER;
  const placement = { capture: 'loopback', podIp: ours, programIp: program } as const;
  const workload = { namespace, pod: name, labels, serviceAccount, placement, containerPorts: [] };
  return { ...describe('sidecar', { ...SERVER, podIp: ours }), role: 'sidecar', workloads: [workload] };
}

function gateway(): ProxyDescriptor {
  const ports = Object.fromEntries(GATEWAY_PORTS.map((port) => [port, { port: ourPort(port) }]));
  const placement = { bindAddress: OUR_GATEWAY_ADDRESS, ports };
  return { ...describe('router', GATEWAY), role: 'gateway', workloads: [], gateway: placement };
}

async function startProxy(
  proxy: ProxyDescriptor,
  parts: {
    readonly directory: string;
    readonly ads: AdsServer;
    readonly plane: ControlPlane;
    readonly authority: TestAuthority;
  },
): Promise<RunningEnvoy> {
  const { directory, ads, plane, authority } = parts;
  if (proxy.identity !== undefined) await authority.issue(proxy.identity);
  const name = `ours-${proxy.role}-${proxy.labels['app'] ?? ''}`;
  const adsSocketPath = join(directory, `${name}.ads`);
  const adminSocketPath = join(directory, `${name}.admin`);
  plane.setProxy(proxy, { socketPath: adsSocketPath });
  await ads.listen({ socketPath: adsSocketPath });
  const envoy = startEnvoy({
    directory,
    name,
    adminSocketPath,
    bootstrap: bootstrap({ proxy, adsSocketPath, adminSocketPath }),
  });
  await waitUntil(async () => {
    if (envoy.exited) throw new Error(`our Envoy is gone: ${envoy.log()}`);
    const ready = await envoy.admin('/ready').catch(() => '');
    return ready.includes('LIVE') && plane.status(proxy.id)?.synced === true;
  }, `our ${proxy.role} to be ready`);
  return envoy;
}
