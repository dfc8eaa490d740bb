import type { ProxyView } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { proxyView, statusView, xdsType } from '../testing/fixtures.ts';
import { bench } from '../testing/run-cli.ts';

const withProxies = (...proxies: ProxyView[]) => ({ status: () => ({ body: statusView({ proxies }) }) });

const rejection = { at: '2026-01-02T11:58:00.000Z', resources: ['0.0.0.0_9080'], reason: 'duplicate address' };
const rejecting = proxyView('ratings-v1-ccc', {
  synced: false,
  types: [xdsType('CDS'), xdsType('LDS', { sent: '9', synced: false, lastRejection: rejection })],
});

describe('meshwise proxy status', () => {
  test('shows per type what is synced, identity and expiry, and ends with 0 when all are', async () => {
    const { meshwise } = await bench({ handlers: withProxies(proxyView('reviews-v1-aaa')) });
    const { code, stdout, stderr } = await meshwise('proxy status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [headings, row] = stdout.split('\n').map((line) => line.split(/ {3,}/));
    expect(headings).toEqual([
      'PROXY',
      'CDS',
      'EDS',
      'LDS',
      'RDS',
      'VHDS',
      'SDS',
      'ECDS',
      'IDENTITY',
      'EXPIRES IN',
      'CONNECTED',
    ]);
    const identity = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews';
    expect(row).toEqual([
      'default/reviews-v1-aaa',
      'synced',
      '-',
      'synced',
      '-',
      '-',
      '-',
      '-',
      identity,
      '23h',
      'yes',
    ]);
  });

  test('ends with 1 when one is not synced, and says what was rejected and why', async () => {
    const { meshwise } = await bench({ handlers: withProxies(proxyView('reviews-v1-aaa'), rejecting) });
    const { code, stdout, stderr } = await meshwise('proxy status');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '1 of 2 proxies are not synced.\n' });
    expect(stdout).toContain(
      'rejected default/ratings-v1-ccc LDS 0.0.0.0_9080 at 2026-01-02T11:58:00.000Z\n  duplicate address\n',
    );
  });

  test.each(['ratings-v1-ccc', 'default/ratings-v1-ccc', 'deploy/ratings-v1', 'ratings-v1', rejecting.id])(
    'shows the versions of one proxy, named as %s',
    async (target) => {
      const { meshwise } = await bench({ handlers: withProxies(proxyView('reviews-v1-aaa'), rejecting) });
      const { code, stdout } = await meshwise(`proxy status ${target}`);
      expect(code).toBe(1);
      expect(stdout).toContain('Proxy:     default/ratings-v1-ccc (sidecar of default/ratings-v1)');
      expect(stdout).toMatch(/LDS +3 +9 +7 +rejected/);
      expect(stdout).not.toContain('reviews-v1-aaa');
    },
  );

  test('a certificate that has run out is said so', async () => {
    const { meshwise } = await bench({
      handlers: withProxies(proxyView('a-b', { certificateExpiresAt: '2026-01-02T11:00:00.000Z' })),
    });
    expect((await meshwise('proxy status')).stdout).toContain('expired 60m ago');
  });

  test('a proxy that is not there ends with 1', async () => {
    const { meshwise } = await bench({ handlers: withProxies(proxyView('reviews-v1-aaa')) });
    const { code, stderr } = await meshwise('proxy status reviews-v1-aaa -n shop');
    expect(code).toBe(1);
    expect(stderr).toContain('error MW2001: no proxy of reviews-v1-aaa in namespace shop');
  });
});

describe('meshwise proxy list, config and restart', () => {
  test('list shows the processes', async () => {
    const crashed = proxyView('reviews-v1-aaa', { process: 'restarting', restarts: 3, lastExit: 'SIGSEGV' });
    const { meshwise } = await bench({ handlers: withProxies(crashed) });
    const { code, stdout } = await meshwise('proxy list');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /default\/reviews-v1-aaa +sidecar +default\/reviews-v1 +restarting +yes +yes +3 +12m +73Mi +envoy\/1\.40\.0 +SIGSEGV/,
    );
  });

  test('config prints the answer as JSON, and as YAML when asked', async () => {
    const proxyConfig = () => ({ body: { proxy: 'p', config: { clusters: [{ name: 'outbound|80||a' }] } } });
    const { meshwise, server } = await bench({ handlers: { proxyConfig } });
    const { stdout } = await meshwise('proxy config deploy/reviews-v1 -t clusters');
    expect(JSON.parse(stdout)).toEqual({ clusters: [{ name: 'outbound|80||a' }] });
    expect((await meshwise('proxy config p -o yaml')).stdout).toBe('clusters:\n  - name: outbound|80||a\n');
    expect(server?.calls.map(({ input }) => input)).toEqual([
      { proxy: 'deploy/reviews-v1', type: 'clusters' },
      { proxy: 'p', type: 'all' },
    ]);
  });

  test('restart names what it restarted', async () => {
    const { meshwise } = await bench({ handlers: { proxyRestart: () => ({ body: { restarted: ['a', 'b'] } }) } });
    expect(await meshwise('proxy restart deploy/reviews-v1')).toEqual({
      code: 0,
      stdout: 'a restarted\nb restarted\n',
      stderr: '',
    });
  });
});
