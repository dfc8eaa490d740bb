import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProxyDescriptor } from '@meshwise/model';
import { ensureEnvoy } from '@meshwise/platform';
import type { Resource } from '@meshwise/resources';
import { bootstrap } from '@meshwise/xds';
import { startEnvoy } from '../data-path/start-envoy.ts';
import { meshResources } from '../endpoint-change/fixture.ts';
import { openMesh } from '../endpoint-change/own-mesh.ts';
import { type Memory, readMemory } from '../processes/proc.ts';
import { megabytes, number, spread } from '../report/format.ts';
import type { Bench, BenchOptions, BenchResult } from '../report/result.ts';
import { median } from '../stats/percentile.ts';

const FULL = { services: 1_000, used: 20, repeats: 5, settleMs: 3_000 };
const SMALL = { services: 30, used: 5, repeats: 1, settleMs: 500 };
const NAMESPACE = 'default';

export const lean: Bench = {
  name: 'lean',
  description: 'memory of a sidecar that knows all services, those it uses (Sidecar), or none',
  run,
};

interface Case {
  readonly name: string;
  /** What Sidecar `egress[].hosts` says; absent: there is no Sidecar. */
  readonly hosts?: readonly string[];
}

async function run({ small, log }: BenchOptions): Promise<BenchResult> {
  const { services, used, repeats, settleMs } = small ? SMALL : FULL;
  const named = Array.from({ length: used }, (_, index) => `./${serviceHost(index)}`);
  const cases: readonly Case[] = [
    { name: `all ${services}` },
    { name: `${used} by a Sidecar`, hosts: named },
    { name: 'none (~/*)', hosts: ['~/*'] },
  ];
  const found = new Map<string, Memory[]>();
  // Round by round, so that what else the machine does meets all of them alike.
  for (let round = 0; round < repeats; round++) {
    for (const one of cases) {
      log(`${one.name}, round ${round + 1} of ${repeats}`);
      found.set(one.name, [...(found.get(one.name) ?? []), await measure(one, services, settleMs)]);
    }
  }
  const of = (name: string) => found.get(name) ?? [];
  const privateOf = ({ name }: Case) => median(of(name).map(({ privateBytes }) => privateBytes));
  const [all, few, none] = cases.map(privateOf) as [number, number, number];
  return {
    tables: [
      {
        title: `Private memory of one sidecar in a mesh of ${services} services: median (least–most) of ${repeats}`,
        columns: ['what it knows', 'private MB', 'RSS MB'],
        rows: cases.map(({ name }) => [
          name,
          spread(of(name).map(({ privateBytes }) => privateBytes / 1e6)),
          spread(of(name).map(({ rssBytes }) => rssBytes / 1e6)),
        ]),
      },
    ],
    notes: [
      `A Sidecar with ${used} of ${services} services saves ${megabytes(all - few)} MB for each proxy; the ${used} take ${number((few - none) / 1e6)} MB.`,
      `Each service has one HTTP port and two endpoints; read ${settleMs / 1_000} s after the proxy had acknowledged everything. One worker thread, no traffic. Loopback capture, whose explicit proxy has the routes of all ports a second time: with captured connections a sidecar that knows all takes less.`,
      '`meshwise proxy scope -o yaml` prints such Sidecars from the calls that were seen.',
    ],
    details: Object.fromEntries(found),
  };
}

async function measure(one: Case, services: number, settleMs: number): Promise<Memory> {
  const directory = await mkdtemp(join(tmpdir(), 'mw-lean-'));
  const proxy = sidecarIn(directory);
  const [adsSocketPath, adminSocketPath] = [join(directory, 'ads'), join(directory, 'proxy.admin')];
  const resources = [...meshResources(services), ...(one.hosts === undefined ? [] : [scope(one.hosts)])];
  const mesh = await openMesh({ resources, proxies: [proxy], socketOf: () => adsSocketPath });
  const configPath = join(directory, 'proxy.json');
  await writeFile(configPath, JSON.stringify(bootstrap({ proxy, adsSocketPath, adminSocketPath })));
  const { path: envoyPath } = await ensureEnvoy();
  const envoy = await startEnvoy({ envoyPath, directory, name: 'proxy', configPath, cores: undefined });
  try {
    while (mesh.plane.status(proxy.id)?.synced !== true) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    return await readMemory(envoy.pid);
  } finally {
    await envoy.stop();
    mesh.plane.close();
    await mesh.ads.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function scope(hosts: readonly string[]): Resource {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'lean', namespace: NAMESPACE },
    spec: { egress: [{ hosts: [...hosts] }] },
  };
}

/** As the services of the fixture are named. */
function serviceHost(index: number): string {
  const name = meshResources(index + 1).findLast(({ kind }) => kind === 'Service')?.metadata.name;
  return `${name}.${NAMESPACE}.svc.cluster.local`;
}

/** One that needs no namespace: its listeners are on addresses of loopback, as in loopback capture. */
function sidecarIn(directory: string): ProxyDescriptor {
  const labels = { app: 'lean' };
  return {
    id: `sidecar~127.99.0.1~lean.${NAMESPACE}~${NAMESPACE}.svc.cluster.local`,
    role: 'sidecar',
    namespace: NAMESPACE,
    labels,
    identity: { trustDomain: 'cluster.local', namespace: NAMESPACE, serviceAccount: 'default' },
    workloads: [
      {
        namespace: NAMESPACE,
        pod: 'lean',
        labels,
        serviceAccount: 'default',
        placement: {
          capture: 'loopback',
          podIp: '127.99.0.1',
          programIp: '127.99.0.2',
          tunnelSocketPath: join(directory, 'tunnel'),
        },
        containerPorts: [],
      },
    ],
  };
}
