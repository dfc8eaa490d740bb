import type { Resource } from '@meshwise/resources';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { errorCode, send } from './http.ts';
import type { TestMesh } from './mesh.ts';

const GROUP = 'gateway.networking.k8s.io';
const GATEWAYS = `gateways.${GROUP}`;

/** The port of this machine that a Gateway's status tells for one of its own. */
export async function machinePort(mesh: TestMesh, name: string, port: number): Promise<number> {
  const found = (await mesh.list(GATEWAYS, 'default')).find(({ metadata }) => metadata.name === name) as Resource;
  const { addresses } = found.status as unknown as { addresses: readonly { type: string; value: string }[] };
  const address = addresses.find(({ type }) => type === `meshwise.dev/port-${port}`)?.value;
  if (address === undefined) throw new Error(`Gateway ${name} has no port for ${port}`);
  return Number(address.split(':')[1]);
}

/** Two Gateways of the Gateway API lead to BookInfo's details, both by port 80, and go again. */
export async function expectTwoGateways(mesh: TestMesh): Promise<void> {
  const names = ['first', 'second'];
  const metadata = (name: string) => ({ name, namespace: 'default' });
  const documents = names.flatMap((name) => [
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'Gateway',
      metadata: metadata(name),
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    },
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'HTTPRoute',
      metadata: metadata(name),
      spec: {
        parentRefs: [{ name }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: `/${name}` } }],
            filters: [
              {
                type: 'URLRewrite',
                urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/details' } },
              },
            ],
            backendRefs: [{ name: 'details', port: 9080 }],
          },
        ],
      },
    },
  ]);
  await mesh.apply(documents.map((document) => JSON.stringify(document)).join('\n---\n'));
  const statusOf = (port: number, path: string) =>
    send(`http://127.0.0.1:${port}${path}`).then(({ status }) => status, errorCode);
  const ports = await eventually(async () => {
    const found = [await machinePort(mesh, 'first', 80), await machinePort(mesh, 'second', 80)] as const;
    expect(await statusOf(found[0], '/first/0')).toBe(200);
    expect(await statusOf(found[1], '/second/0')).toBe(200);
    return found;
  }, 60_000);
  expect(await statusOf(ports[0], '/second/0')).toBe(404);
  await mesh.delete(GATEWAYS, names);
  await mesh.delete('httproutes', names);
  await eventually(async () => expect(await statusOf(ports[0], '/first/0')).toBe('ECONNREFUSED'));
  await eventually(async () => {
    const { proxies } = await mesh.status();
    expect(proxies.filter(({ workload }) => names.some((name) => workload?.startsWith(name)))).toEqual([]);
  });
}
