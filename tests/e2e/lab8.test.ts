import { X509Certificate } from 'node:crypto';
import { PATHS } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { AnyAuthority } from '../../packages/xds/src/control-plane/testing/any-authority.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { inMesh, plainRequest, tlsRequest } from './harness/inside.ts';
import { peerAuthentication } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { readPage } from './harness/page.ts';

const PRODUCTPAGE = 'spiffe://cluster.local/ns/default/sa/bookinfo-productpage';
const PATH = '/details/0';

interface Exported {
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
  readonly rootCertPem: string;
}

const title = 'Lab 8, mutual TLS and SPIFFE (004-120; needs Envoy, root and namespaces)';
describe.skipIf(!CAN_RUN_AS_ROOT)(title, { timeout: 60_000 }, () => {
  let mesh: TestMesh;
  bookinfoForAll((started) => {
    mesh = started;
  });

  /** Asks details from beside the proxies, where nobody is a workload. */
  const outcome = async (script: (podIp: string) => string) =>
    (await inMesh(mesh, script((await mesh.pod('details-v1')).ip ?? ''))) as {
      status?: number;
      error?: string;
      body?: string;
    };
  const plainly = () => outcome((podIp) => plainRequest(podIp, 9080, PATH));
  const securely = (pair?: Exported) => outcome((podIp) => tlsRequest(podIp, 9080, PATH, pair));

  async function exported(target: string): Promise<Exported> {
    const { status, body } = await mesh.request('POST', PATHS.identityExport, { target, namespace: 'default' });
    if (status !== 200) throw new Error(body);
    return JSON.parse(body) as Exported;
  }

  test('as long as mutual TLS is permissive, plain text is answered', async () => {
    await eventually(async () => expect(await plainly()).toMatchObject({ status: 200 }));
    expect((await plainly()).body).toContain('William Shakespeare');
  });

  test('once it is strict: plain text fails, TLS without a certificate fails, and with one it succeeds', async () => {
    await mesh.apply(peerAuthentication('STRICT'));
    await eventually(async () => expect(await plainly()).not.toHaveProperty('status'));
    expect(await securely()).not.toHaveProperty('status');
    expect(await securely(await exported('deploy/productpage-v1'))).toEqual({ status: 200 });
    const [policy] = await mesh.list('peerauthentication', 'default');
    expect(policy?.spec).toEqual({ mtls: { mode: 'STRICT' } });
  });

  test('a certificate of a foreign authority with the right name fails', async () => {
    const foreign = await AnyAuthority.create('a foreign mesh');
    const { cert, key } = await foreign.certificate({ uris: [PRODUCTPAGE] });
    const pair = { certificateChainPem: cert, privateKeyPem: key, rootCertPem: '' };
    expect(await securely(pair)).not.toHaveProperty('status');
  });

  test('the certificate names the service account, lives for a day, and comes from the root beside it', async () => {
    const { certificateChainPem, rootCertPem } = await exported('deploy/productpage-v1');
    const [leaf, intermediate] = (
      certificateChainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    ).map((pem) => new X509Certificate(pem));
    if (leaf === undefined || intermediate === undefined) throw new Error('no chain');
    expect(leaf.subjectAltName).toBe(`URI:${PRODUCTPAGE}`);
    const lifeMs = leaf.validToDate.getTime() - leaf.validFromDate.getTime();
    expect(lifeMs).toBeLessThanOrEqual(25 * 3_600_000);
    expect(leaf.verify(intermediate.publicKey)).toBe(true);
    expect(intermediate.verify(new X509Certificate(rootCertPem).publicKey)).toBe(true);
  });

  test('the page works as before, whoever looks at it from outside', async () => {
    expect(await readPage(mesh)).toMatchObject({ status: 200 });
    await mesh.apply(peerAuthentication('PERMISSIVE'));
    await eventually(async () => expect(await plainly()).toMatchObject({ status: 200 }));
  });
});
