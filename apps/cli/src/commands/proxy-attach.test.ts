import { describe, expect, test } from 'vitest';
import { proxyView, statusView } from '../testing/fixtures.ts';
import { bench } from '../testing/run-cli.ts';

const attached = proxyView('machine', {
  attached: 'envoy',
  workload: 'shop/vm-1',
  pod: null,
  process: 'stopped',
  connected: false,
});

describe('meshwise proxy attach', () => {
  test('asks for what was said, prints the bootstrap alone, and says how to start the process', async () => {
    let asked: unknown;
    const { meshwise } = await bench({
      handlers: {
        proxyAttach: (request) => {
          asked = request;
          return {
            body: {
              object: { kind: 'WorkloadEntry', namespace: 'shop', name: 'vm-1' },
              kind: 'envoy',
              proxy: 'sidecar~127.246.0.1~vm-1.shop~shop.svc.cluster.local',
              bootstrap: { node: { id: 'x' } },
              advice: ['Save the bootstrap as FILE.'],
            },
          };
        },
      },
    });
    const { code, stdout, stderr } = await meshwise(
      'proxy attach vm-1 -n shop -g machines -l app=machine -l tier=a=b -p http:8080 -p 9090',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ node: { id: 'x' } });
    expect(stderr).toContain('Save the bootstrap');
    expect(asked).toMatchObject({
      name: 'vm-1',
      namespace: 'shop',
      kind: 'envoy',
      workloadGroup: 'machines',
      labels: { app: 'machine', tier: 'a=b' },
      ports: ['http:8080', '9090'],
    });
  });

  test('the list shows what is attached, and claims nothing of its process', async () => {
    const { meshwise } = await bench({ handlers: { status: () => ({ body: statusView({ proxies: [attached] }) }) } });
    const { stdout } = await meshwise('proxy list');
    const row = stdout.split('\n')[1] ?? '';
    expect(row).toContain('shop/vm-1');
    expect(row).toContain('sidecar (attached envoy)');
    expect(row).not.toContain('stopped');
  });

  test('one that does not run is not a proxy that is behind', async () => {
    const proxies = [{ ...attached, synced: false }];
    const { meshwise } = await bench({ handlers: { status: () => ({ body: statusView({ proxies }) }) } });
    expect((await meshwise('proxy status')).code).toBe(0);
  });
});
