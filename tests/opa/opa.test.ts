import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureOpa } from '../../tools/opa/binary.ts';
import { eventually } from '../e2e/harness/eventually.ts';
import { send } from '../e2e/harness/http.ts';
import { asProgram } from '../e2e/harness/inside.ts';
import { ROOT } from '../e2e/harness/machine.ts';
import { TestMesh } from '../e2e/harness/mesh.ts';

const sample = (name: string) => readFile(join(ROOT, 'samples/external-authorization', `${name}.yaml`), 'utf8');

/** The sample as its README has it, with the real OPA. */
describe('Open Policy Agent as external authorizer (000-35, samples/external-authorization/opa)', () => {
  let mesh: TestMesh;

  beforeAll(async () => {
    // The daemon gets it by its environment, as it would from a user.
    process.env['MESHWISE_OPA'] = await ensureOpa((message) => process.stderr.write(`${message}\n`));
    mesh = await TestMesh.start({ capture: 'netns', sample: 'bookinfo' });
    await mesh.untilReady();
    await mesh.apply(await sample('mesh-config'), await sample('opa/rules'), await sample('opa/authorizer'));
    await eventually(async () => expect((await mesh.workload('opa-authorizer')).podsReady).toBe(1), 60_000);
    await mesh.apply(await sample('opa/policy'));
  });
  afterAll(async () => {
    await mesh?.dispose();
  });

  /** A workload calls details. */
  const call = async (from: string, method = 'GET', path = '/details/0') => {
    const script = `fetch('http://details:9080${path}', { method: '${method}' }).then(async (r) =>
      console.log(JSON.stringify({ status: r.status, rule: r.headers.get('x-policy-rule'), body: await r.text() })));`;
    const { uid } = await mesh.pod(from);
    return (await asProgram(mesh, uid, script)) as { status: number; rule: string | null; body: string };
  };
  const refused = { status: 403, rule: 'default', body: 'refused by a rule\n' };

  test('lets in by identity and method, and refuses in the words of the rule', async () => {
    await eventually(async () => expect(await call('reviews-v1')).toEqual(refused));
    expect(await call('productpage-v1')).toMatchObject({ status: 200, body: expect.stringContaining('Shakespeare') });
    expect(await call('productpage-v1', 'POST')).toEqual(refused);
    expect((await send(`${mesh.gateway}/productpage`)).body).toContain('Shakespeare');
    // Nobody is asked about other paths.
    expect((await call('reviews-v1', 'GET', '/health')).status).toBe(200);
  });

  test('follows its rules when they change, without a start of anything', async () => {
    const { pods } = await mesh.workload('opa-authorizer');
    const rules = await sample('opa/rules');
    await mesh.apply(rules.replace('sa/bookinfo-productpage', 'sa/bookinfo-reviews'));
    await eventually(async () => expect((await call('reviews-v1')).status).toBe(200));
    expect(await call('productpage-v1')).toEqual(refused);
    await mesh.apply(rules);
    await eventually(async () => expect(await call('reviews-v1')).toEqual(refused));
    expect((await call('productpage-v1')).status).toBe(200);
    expect((await mesh.workload('opa-authorizer')).pods.map(({ name, restarts }) => [name, restarts])).toEqual(
      pods.map(({ name, restarts }) => [name, restarts]),
    );
  });

  test('refuses where no rule decides', async () => {
    await mesh.apply((await sample('opa/rules')).replace('default allow', 'default other'));
    await eventually(async () => expect(await call('reviews-v1')).toMatchObject({ status: 403, rule: null, body: '' }));
    await mesh.apply(await sample('opa/rules'));
    await eventually(async () => expect(await call('reviews-v1')).toEqual(refused));
  });

  test('refuses everybody when it is gone', async () => {
    await mesh.delete('deployments', ['opa-authorizer']);
    await eventually(async () => expect((await call('productpage-v1')).status).toBe(403));
    await mesh.apply(await sample('opa/authorizer'));
    await eventually(async () => expect((await call('productpage-v1')).status).toBe(200), 60_000);
  });
});
