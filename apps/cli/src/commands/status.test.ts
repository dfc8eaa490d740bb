import { describe, expect, test } from 'vitest';
import { statusView } from '../testing/fixtures.ts';
import { bench } from '../testing/run-cli.ts';

describe('meshwise status', () => {
  test('shows the mesh as tables, unknown figures as a dash', async () => {
    const { meshwise } = await bench({ handlers: { status: () => ({ body: statusView() }) } });
    const { code, stdout } = await meshwise('status');
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "State:      ready
      Mesh:       local, trust domain cluster.local
      Capture:    netns
      Sample:     bookinfo
      Envoy:      1.40.0
      Gateway:    http://127.0.0.1:8080
      Interface:  http://127.0.0.1:15080
      API:        http://127.0.0.1:15080
      Daemon:     pid 4711, up 60m, version 0.1.0
      Measured:   2s ago

      Services (1)
      NAMESPACE   NAME      HEALTH     ENDPOINTS   RPS   ERRORS   P99     REASON
      default     reviews   degraded   2/3         2.5   0.0%     4.3ms   1 of 3 endpoints is not ready

      Workloads (1)
      NAMESPACE   NAME         KIND         HEALTH    PODS   SIDECAR   REASON
      default     reviews-v1   Deployment   healthy   1/1    yes       -

      Proxies (1)
      PROXY                    ROLE      PROCESS   SYNCED   IDENTITY                                                RESTARTS   RPS   CPU   MEMORY
      default/reviews-v1-aaa   sidecar   running   yes      spiffe://cluster.local/ns/default/sa/bookinfo-reviews   0          -     12m   73Mi

      Gateways (0)

      Conditions (1)
      SEVERITY   OBJECT                           FIELD                   MESSAGE
      warning    VirtualService default/reviews   spec.http[0].route[0]   subset v9 is not defined
      "
    `);
  });

  test('says what a user must know about the capture, and that nothing was measured yet', async () => {
    const { mesh } = statusView();
    const body = statusView({
      mesh: {
        ...mesh,
        capture: 'loopback',
        rootless: true,
        notes: ['programs can bypass their sidecar'],
        sample: null,
      },
      measuredAt: null,
    });
    const { stdout } = await (await bench({ handlers: { status: () => ({ body }) } })).meshwise('status');
    expect(stdout).toContain('Capture:    loopback, rootless\n');
    expect(stdout).toContain('Note:       programs can bypass their sidecar\n');
    expect(stdout).toContain('Measured:   not yet\n');
    expect(stdout).toContain('Sample:     none\n');
  });

  test('is machine readable as json, yaml and one line of ndjson', async () => {
    const { meshwise } = await bench({ handlers: { status: () => ({ body: statusView() }) } });
    expect(JSON.parse((await meshwise('status -o json')).stdout)).toEqual(statusView());
    expect((await meshwise('status -o yaml')).stdout).toContain('\n  capture: netns\n');
    const { stdout } = await meshwise('status -o ndjson');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual(statusView());
  });
});

describe('meshwise ui and version', () => {
  test('ui prints nothing but the address, which a script can open', async () => {
    const address = 'http://127.0.0.1:15080/#token=abc';
    const { meshwise } = await bench({ handlers: { sessionToken: () => ({ body: { token: 'abc', address } }) } });
    expect(await meshwise('ui')).toEqual({ code: 0, stdout: `${address}\n`, stderr: '' });
  });

  test('version works without a daemon and names that of one that runs', async () => {
    const none = await (await bench({ daemon: false })).meshwise('version');
    expect(none).toMatchObject({ code: 0, stderr: '' });
    expect(none.stdout).toMatch(/^meshwise \d+\.\d+\.\d+\nnode 24\.\S+\ndaemon not running\n$/);
    const { meshwise } = await bench({ handlers: { status: () => ({ body: statusView({ version: '9.9.9' }) }) } });
    expect(JSON.parse((await meshwise('version -o json')).stdout)).toMatchObject({ daemon: '9.9.9' });
  });
});
