import { describe, expect, test } from 'vitest';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { asProgram } from './harness/inside.ts';
import { deployment } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';

/** A caller and one version of its service in one zone, another version in the next. */
const ZONES = { 'ratings-v1': 'eu.a', 'reviews-v1': 'eu.a', 'reviews-v2': 'eu.b' } as const;

describe.skipIf(!CAN_RUN_AS_ROOT)('Zones (needs Envoy, root and namespaces)', { timeout: 90_000 }, () => {
  let mesh: TestMesh;

  bookinfoForAll((started) => {
    mesh = started;
  });

  const inZone = (name: keyof typeof ZONES, replicas: number) =>
    deployment(name, (spec) => {
      spec.replicas = replicas;
      spec.template.metadata.labels['istio-locality'] = ZONES[name];
    });
  /**
   * Which versions answer, by the names of their pods. So many requests go to one of two endpoints by chance less than
   * once in ten million attempts.
   */
  async function answering(): Promise<ReadonlySet<unknown>> {
    const { uid } = await mesh.pod('ratings-v1');
    const script = `(async () => {
      const found = new Set();
      for (let index = 0; index < 24; index += 1) {
        const body = await fetch('http://reviews:9080/reviews/1', { headers: { connection: 'close' } }).then((r) => r.text(), String);
        found.add(/reviews-v[0-9]/.exec(body)?.[0] ?? 'none');
      }
      console.log(JSON.stringify([...found]));
    })()`;
    return new Set((await asProgram(mesh, uid, script)) as readonly unknown[]);
  }
  const only = (version: string) =>
    eventually(async () => expect(await answering()).toEqual(new Set([version])), 60_000);

  test('a near version answers; with its zone killed the next one does, until it is back (004-65)', async () => {
    await mesh.delete('deployments', ['reviews-v3']);
    await mesh.apply(await inZone('ratings-v1', 1), await inZone('reviews-v1', 1), await inZone('reviews-v2', 1));
    await mesh.untilReady();
    await mesh.apply(
      JSON.stringify({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'reviews' },
        spec: { host: 'reviews', trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } } },
      }),
    );
    await only('reviews-v1');
    await mesh.apply(await inZone('reviews-v1', 0));
    await only('reviews-v2');
    await mesh.apply(await inZone('reviews-v1', 1));
    await only('reviews-v1');
  });
});
