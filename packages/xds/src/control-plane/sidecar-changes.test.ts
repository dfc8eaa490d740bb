import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serialOf } from './testing/authority.ts';
import { ENVOY } from './testing/envoy.ts';
import { call, callThrough, eventually } from './testing/http.ts';
import { clusterName, clusterPlan, endpointPlan, forwardRoute, inboundPort, virtualHostPlan } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1 } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';
import { underTraffic } from './testing/traffic.ts';

const SUBNET = 76;

describe.skipIf(ENVOY === undefined)('sidecars while configuration changes (000-31, 001-39)', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let client: Pod;
  let v1: Pod;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh, client, v1 } = reviews);
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  test('gain a port without losing a request on the others (000-31)', async () => {
    await mesh.addProgram('reviews-v1', v1.programIp, 9090);
    const traffic = underTraffic(() => reviews.get());
    for (let round = 0; round < 3; round += 1) {
      mesh.setInbound(v1, [inboundPort(PORT), inboundPort(9090, { mutualTls: 'disable' })]);
      await reviews.settled(v1);
      expect((await eventually(() => call(v1.podIp, 9090, '/'))).status).toBe(200);
      mesh.setInbound(v1, [inboundPort(PORT)]);
      await reviews.settled(v1);
    }
    const { statuses, failures } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await eventually(() => expect(call(v1.podIp, 9090, '/')).rejects.toThrow(/ECONNREFUSED/));
  });

  test('take a rotated certificate while they serve', async () => {
    const { identity } = v1.proxy;
    if (identity === undefined) throw new Error('no identity');
    const traffic = underTraffic(() => reviews.get());
    for (let round = 0; round < 3; round += 1) {
      const issued = await mesh.authority.issue(identity);
      await eventually(async () => {
        const shown = JSON.parse(await v1.envoy.admin('/certs')) as {
          certificates: { cert_chain: { serial_number: string }[] }[];
        };
        const serials = shown.certificates.flatMap(({ cert_chain }) => cert_chain.map((cert) => cert.serial_number));
        const wanted = serialOf(issued.certificateChainPem).toLowerCase().replace(/^0+/, '');
        expect(serials.map((serial) => serial.replace(/^0+/, ''))).toContain(wanted);
      });
    }
    const { statuses, failures } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test('serve on without the control plane, and take up changes when it is back (000-31)', async () => {
    const traffic = underTraffic(() => reviews.get());
    await mesh.stopControlPlane();
    expect((await reviews.get()).status).toBe(200);
    await mesh.startControlPlane();
    await reviews.route({ ...forwardRoute([V1, 1]), responseHeaders: { set: { 'x-back': '1' }, add: {}, remove: [] } });
    expect((await reviews.get()).headers['x-back']).toBe('1');
    const { statuses, failures } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await reviews.route(forwardRoute([V1, 1]));
  });

  test('leave other services alone when one goes', async () => {
    await mesh.addProgram('ratings', client.programIp, PORT);
    const ratings = virtualHostPlan('ratings', PORT, [forwardRoute([clusterName('ratings', PORT), 1])]);
    const before = mesh.outbound;
    const [port] = before.httpPorts;
    mesh.setOutbound({
      clusters: [...before.clusters, clusterPlan('ratings', PORT, { tls: { mode: 'plain' } })],
      endpoints: [
        ...before.endpoints,
        { cluster: clusterName('ratings', PORT), endpoints: [endpointPlan(client.programIp, PORT)] },
      ],
      httpPorts: [{ port: PORT, virtualHosts: [...(port?.virtualHosts ?? []), ratings] }],
    });
    const callRatings = () => callThrough(client.podIp, `http://ratings:${PORT}/`);
    await eventually(async () => expect((await callRatings()).status).toBe(200));
    const traffic = underTraffic(() => reviews.get());
    mesh.setOutbound(before);
    await reviews.settled(client);
    await eventually(async () => expect((await callRatings()).status).toBe(404));
    const { failures, statuses } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await client.envoy.admin('/clusters')).not.toContain('ratings');
  });

  test('are sent nothing when nothing changed (001-39)', async () => {
    await reviews.settled(client);
    const { responses } = mesh.ads.counters();
    expect(mesh.controlPlane.publish()).toBe(0);
    // Equal in value, not in identity: printed again, and found to be the same.
    expect(mesh.setOutbound(structuredClone(mesh.outbound))).toBe(0);
    expect((await reviews.get()).status).toBe(200);
    expect(mesh.ads.counters().responses).toBe(responses);
  });
});
