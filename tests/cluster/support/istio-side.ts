import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import { freePorts } from '../../../tools/cluster/ports.ts';
import { type Processes, waitUntil } from '../../../tools/cluster/processes.ts';
import type { Cluster } from '../../../tools/cluster/start-cluster.ts';
import { askFromOutside } from './ask.ts';
import { type Client, type ClientPod, startClientPod } from './client.ts';
import { markerText } from './marker.ts';
import { CLIENT, GATEWAY, type ProxyPod, SERVER } from './shop.ts';
import type { Side } from './side.ts';

interface AgentOptions {
  readonly cluster: Cluster;
  readonly processes: Processes;
  readonly directory: string;
  readonly envoyPath: string;
}

/** Real Envoy under real istiod: a sidecar and a gateway, each with the agent that brings its certificates. */
export async function startIstioSide(options: AgentOptions): Promise<Side> {
  const { cluster } = options;
  const pod = await startClientPod();
  await cluster.api.apply(listensIn(pod));
  await cluster.api.apply(standsBefore());
  const admin = await Promise.all([
    startAgent(options, CLIENT, 'sidecar'),
    startAgent(options, GATEWAY, 'router'),
    startAgent(options, SERVER, 'sidecar'),
  ]);
  const routesOf = (url: string | undefined) =>
    fetch(`${url}/config_dump?resource=dynamic_route_configs`).then((response) => response.text());
  const gateway: Client = {
    ask: (question) => askFromOutside({ ...question, address: GATEWAY.podIp, port: GATEWAY.targetPort(question.port) }),
  };
  return {
    name: 'istio',
    mesh: pod,
    gateway,
    async isWarm() {
      const stats = await Promise.all(admin.map((url) => fetch(`${url}/stats?filter=warming`).then((r) => r.text())));
      return stats.every((text) => !/warming[a-z_]*: [1-9]/.test(text));
    },
    rejections: () => [],
    server: { ask: (question) => askFromOutside({ ...question, address: SERVER.podIp }) },
    isServerAt: async (generation) => (await routesOf(admin[2])).includes(markerText(generation)),
    gatewayRoutes: () => routesOf(admin[1]),
    dump: () => Promise.all(admin.map((url) => fetch(`${url}/config_dump?include_eds`).then((r) => r.text()))),
    async stop() {
      pod.stop();
    },
  };
}

/**
 * istiod's own way to have captured connections arrive in the client's namespace, where ours binds too: the sidecar itself
 * runs where all pods' addresses are. The only resource that one side has and the other has not.
 */
function listensIn(pod: ClientPod): KubeObject {
  const match = { context: 'SIDECAR_OUTBOUND', listener: { name: 'virtualOutbound' } };
  const value = { address: { socket_address: { network_namespace_filepath: pod.networkNamespacePath } } };
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { namespace: CLIENT.namespace, name: 'listen-in-the-client-pod' },
    spec: {
      workloadSelector: { labels: { app: CLIENT.labels['app'] } },
      configPatches: [{ applyTo: 'LISTENER', match, patch: { operation: 'MERGE', value } }],
    },
  };
}

/**
 * What is redirected to a sidecar in a pod arrives at it here because it listens at the pod's address, and what it lets in
 * goes to the program at an address of its own. All else is istiod's: chains, TLS and who is let in.
 */
function standsBefore(): KubeObject {
  const address = (portValue: number, at: string) => ({ socket_address: { address: at, port_value: portValue } });
  const [first = 0, ...others] = SERVER.ports.map(({ targetPort }) => targetPort);
  const listener = {
    address: address(first, SERVER.podIp),
    additional_addresses: others.map((port) => ({ address: address(port, SERVER.podIp) })),
  };
  // A value of 0, as that of ROUND_ROBIN, is lost where it is merged.
  const clusters = SERVER.ports.map(({ targetPort }) => {
    const name = `inbound|${targetPort}||`;
    const endpoint = { endpoint: { address: address(targetPort, SERVER.program) } };
    const assignment = { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] };
    return patch(
      'CLUSTER',
      { cluster: { name } },
      { type: 'STATIC', lb_policy: 'RANDOM', load_assignment: assignment },
    );
  });
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { namespace: SERVER.namespace, name: 'stand-before-the-program' },
    spec: {
      workloadSelector: { labels: { app: SERVER.labels.app } },
      configPatches: [patch('LISTENER', { listener: { name: 'virtualInbound' } }, listener), ...clusters],
    },
  };
}

function patch(applyTo: string, match: object, value: object): object {
  return { applyTo, match: { context: 'SIDECAR_INBOUND', ...match }, patch: { operation: 'MERGE', value } };
}

/** pilot-agent and its Envoy; the URL of Envoy's administration interface. */
async function startAgent(options: AgentOptions, pod: ProxyPod, role: 'sidecar' | 'router'): Promise<string> {
  const { cluster, processes, envoyPath } = options;
  const home = join(options.directory, `agent-${pod.name}`);
  await mkdir(join(home, 'var/run/secrets/tokens'), { recursive: true });
  await mkdir(join(home, 'etc/istio/proxy'), { recursive: true });
  const rootPath = join(home, 'root-cert.pem');
  await writeFile(rootPath, await rootCertificate(cluster, pod.namespace));
  const token = await cluster.api.token(pod.namespace, pod.serviceAccount, 'istio-ca');
  await writeFile(join(home, 'var/run/secrets/tokens/istio-token'), token, { mode: 0o600 });
  const [admin = 0, agentStatus = 0, status = 0, prometheus = 0] = await freePorts(4);
  const adminUrl = `http://127.0.0.1:${admin}`;
  const proxyConfig = {
    discoveryAddress: cluster.istiod.secureGrpcAddress,
    binaryPath: envoyPath,
    proxyBootstrapTemplatePath: join(cluster.binaries, 'envoy-bootstrap.tmpl.json'),
    configPath: './etc/istio/proxy',
    concurrency: 1,
    proxyAdminPort: admin,
    statusPort: agentStatus,
  };
  await processes.start({
    name: `agent-${pod.name}`,
    command: join(cluster.binaries, 'pilot-agent'),
    args: [
      'proxy',
      role,
      `--domain=${pod.namespace}.svc.cluster.local`,
      '--proxyLogLevel=warning',
      '--log_target=stdout',
    ],
    cwd: home,
    env: {
      ...{ PATH: process.env['PATH'], HOME: home },
      ...{
        POD_NAME: pod.name,
        POD_NAMESPACE: pod.namespace,
        INSTANCE_IP: pod.podIp,
        SERVICE_ACCOUNT: pod.serviceAccount,
      },
      ...{ CLUSTER_ID: 'Kubernetes', ISTIO_META_CLUSTER_ID: 'Kubernetes', ISTIO_META_MESH_ID: 'cluster.local' },
      ...{ ISTIO_META_WORKLOAD_NAME: pod.name, ISTIO_METAJSON_LABELS: JSON.stringify(pod.labels) },
      ...{ ISTIO_META_INTERCEPTION_MODE: 'REDIRECT', TRUST_DOMAIN: 'cluster.local' },
      ...{ PILOT_CERT_PROVIDER: 'istiod', JWT_POLICY: 'third-party-jwt' },
      ...{ CA_ADDR: cluster.istiod.secureGrpcAddress, XDS_ROOT_CA: rootPath, CA_ROOT_CA: rootPath },
      ...{ PROXY_CONFIG: JSON.stringify(proxyConfig), PROXY_XDS_DEBUG_VIA_AGENT: 'false' },
      ...{ ENVOY_STATUS_PORT: String(status), ENVOY_PROMETHEUS_PORT: String(prometheus) },
    },
    isReady: () => isLive(adminUrl),
  });
  return adminUrl;
}

async function isLive(adminUrl: string): Promise<boolean> {
  try {
    return (await (await fetch(`${adminUrl}/ready`)).text()).includes('LIVE');
  } catch {
    return false;
  }
}

/** istiod writes its root into every namespace. */
async function rootCertificate(cluster: Cluster, namespace: string): Promise<string> {
  let root = '';
  await waitUntil(async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps/istio-ca-root-cert`;
    const answer = await cluster.api.send('GET', path);
    if (answer.status !== 200) return false;
    root = (JSON.parse(answer.body) as { data?: Record<string, string> }).data?.['root-cert.pem'] ?? '';
    return root !== '';
  }, `istiod's root certificate in ${namespace}`);
  return root;
}
