import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PublicAuthority } from '../../packages/xds/src/control-plane/testing/certificates.ts';
import { secureCall } from '../../packages/xds/src/control-plane/testing/tls-client.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import type { TestMesh } from './harness/mesh.ts';

const HOST = 'shop.example.com';
const metadata = (name: string, namespace = 'default') => ({ name, namespace });
const documents = (...resources: readonly unknown[]) => resources.map((one) => JSON.stringify(one)).join('\n---\n');

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'BookInfo by HTTPS (000-38) (needs Envoy, root and namespaces)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;

    bookinfoForAll((started) => {
      mesh = started;
    });

    const hostPort = async (port: number): Promise<number> => {
      const { ports } = JSON.parse(await readFile(join(mesh.home, 'gateway-ports.json'), 'utf8')) as {
        ports: Readonly<Record<number, number>>;
      };
      const found = ports[port];
      if (found === undefined) throw new Error(`no port stands for ${port}`);
      return found;
    };
    const remarks = async () =>
      (await mesh.status()).conditions.filter(({ object }) => object?.name === 'secure').map(({ message }) => message);

    test('a Gateway whose Secret is missing says so, serves when it is there, and its key is not shown', async () => {
      const authority = await PublicAuthority.create();
      const { certificateChainPem, privateKeyPem } = await authority.issue(HOST);
      await mesh.apply(
        documents(
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'Gateway',
            metadata: metadata('secure'),
            spec: {
              selector: { istio: 'ingressgateway' },
              servers: [
                {
                  port: { number: 443, name: 'https', protocol: 'HTTPS' },
                  hosts: [HOST],
                  tls: { mode: 'SIMPLE', credentialName: 'shop-cert' },
                },
              ],
            },
          },
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            metadata: metadata('shop'),
            spec: {
              hosts: [HOST],
              gateways: ['secure'],
              http: [{ route: [{ destination: { host: 'productpage', port: { number: 9080 } } }] }],
            },
          },
        ),
      );
      await eventually(async () => expect((await remarks()).join()).toContain('there is no Secret shop-cert'));
      await mesh.apply(
        documents({
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/tls',
          metadata: metadata('shop-cert', 'istio-system'),
          stringData: { 'tls.crt': certificateChainPem, 'tls.key': privateKeyPem },
        }),
      );
      const target = { address: '127.0.0.1', port: await hostPort(443), serverName: HOST, ca: authority.caPem };
      await eventually(async () => {
        const page = await secureCall(target, '/productpage');
        expect(page.status).toBe(200);
      });
      await eventually(async () => expect(await remarks()).toEqual([]));
      // Whatever is asked about the gateway, its key is in no answer.
      const key = privateKeyPem.split('\n')[1] ?? 'none';
      const gateway = (await mesh.status()).proxies.find(({ role }) => role === 'gateway');
      const id = gateway?.id ?? 'none';
      const dump = await mesh.request('GET', `/api/v1/proxies/config?type=all&proxy=${encodeURIComponent(id)}`);
      expect(dump.status).toBe(200);
      expect(dump.body).not.toContain(key);
    });
  },
);
