import { mkdir, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Resource } from '@meshwise/resources';
import { expect } from 'vitest';
import type { PublicAuthority } from '../../../packages/xds/src/control-plane/testing/certificates.ts';
import { eventually } from './eventually.ts';
import { send } from './http.ts';
import { ROOT } from './machine.ts';
import { TestMesh } from './mesh.ts';

export const GROUP = 'gateway.networking.k8s.io';
export const SECURE_HOST = 'secure.example.com';
const IMAGES = [
  { match: 'test/servers', program: { runtime: 'node', entry: join(ROOT, 'tests/e2e/programs/servers.mjs') } },
];
export const documents = (...resources: readonly unknown[]) =>
  resources.map((one) => JSON.stringify(one)).join('\n---\n');
export const of = (kind: string, name: string, spec: object, version = 'v1') => {
  const [namespace, own] = name.includes('/') ? name.split('/') : ['default', name];
  return { apiVersion: `${GROUP}/${version}`, kind, metadata: { namespace, name: own }, spec };
};
export const parentRefs = (name: string, sectionName?: string) => [
  { name, ...(sectionName === undefined ? {} : { sectionName }) },
];

/** A Deployment of all servers, and a Service of them. */
function servers(name: string, env: Readonly<Record<string, string>> = {}, namespace = 'default'): string {
  const metadata = { name, namespace };
  const labels = { app: name };
  const variables = Object.entries({ NAME: name, ...env }).map(([key, value]) => ({ name: key, value }));
  const ports = [
    { name: 'http', port: 8080 },
    { name: 'grpc', port: 8081 },
    { name: 'tcp', port: 8082 },
    { name: 'https', port: 8443 },
  ];
  const containers = [
    { name, image: 'test/servers:1', env: variables, ports: ports.map((one) => ({ containerPort: one.port })) },
  ];
  const template = { metadata: { labels }, spec: { containers } };
  return documents(
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports } },
  );
}

export const bundle = (name: string, pem: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { 'ca.crt': pem },
});

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}
export interface GatewayStatus {
  readonly addresses: readonly { readonly type: string; readonly value: string }[];
  readonly conditions: readonly Condition[];
  readonly listeners: readonly { readonly name: string; readonly attachedRoutes: number }[];
}

/** A mesh with the servers `one` and `two`, and `three` in the namespace `far`. */
export async function startServers(authority: PublicAuthority): Promise<TestMesh> {
  const { certificateChainPem, privateKeyPem } = await authority.issue(SECURE_HOST);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const mesh = await TestMesh.start({ capture: 'netns', sample: 'none' }, async ({ home }) => {
    await mkdir(home, { mode: 0o700 });
    await writeFile(join(home, 'images.json'), JSON.stringify({ images: IMAGES }));
  });
  try {
    await mesh.apply(
      servers('one', { CERT: base64(certificateChainPem), KEY: base64(privateKeyPem) }),
      servers('two'),
      documents({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'far' } }),
      servers('three', {}, 'far'),
    );
    await eventually(async () => {
      for (const [name, namespace] of [['one'], ['two'], ['three', 'far']] as const)
        expect((await mesh.workload(name, namespace)).health).toBe('healthy');
    }, 60_000);
    return mesh;
  } catch (error) {
    await mesh.dispose();
    throw error;
  }
}

/** What a mesh says of Gateways and of what is attached to them. */
export function gatewayReaders(meshOf: () => TestMesh) {
  const stored = async (kind: string, name: string, namespace = 'default'): Promise<Resource | undefined> =>
    (await meshOf().list(kind, namespace)).find(({ metadata }) => metadata.name === name);
  const gateway = async (name: string): Promise<GatewayStatus> => {
    const found = await stored(`gateways.${GROUP}`, name);
    return found?.status as unknown as GatewayStatus;
  };
  const programmed = (name: string): Promise<GatewayStatus> =>
    eventually(async () => {
      const status = await gateway(name);
      expect(status?.conditions.find(({ type }) => type === 'Programmed')).toMatchObject({ status: 'True' });
      return status;
    });
  /** The port of this machine for one of a Gateway's. */
  const portOf = async (name: string, port: number): Promise<number> => {
    const { addresses } = await programmed(name);
    const found = addresses.find(({ type }) => type === `meshwise.dev/port-${port}`)?.value;
    return Number(found?.split(':')[1]);
  };
  return { stored, gateway, portOf };
}

export const answersWith = (port: number, body: string, headers: Record<string, string> = {}) =>
  eventually(async () => {
    const answer = await send(`http://127.0.0.1:${port}/x`, { headers });
    expect(answer).toEqual({ status: 200, body });
  });
export const bytesFrom = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('data', (chunk) => {
      said += chunk.toString('utf8');
    });
    socket.on('error', reject).on('close', () => resolve(said));
  });
export const grpcStatus = (port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const end = (headers: Record<string, unknown>) => {
      if (headers['grpc-status'] === undefined) return;
      resolve(`${headers['grpc-status']} ${headers['grpc-message'] ?? ''}`);
      session.close();
    };
    stream.on('response', end).on('trailers', end).on('error', reject).resume();
    stream.end();
  });
