import { readdir, readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { Resource } from '@meshwise/resources';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app } from './harness/app.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { ROOT } from './harness/machine.ts';
import type { TestMesh } from './harness/mesh.ts';

const API = '/api/v1/products';
const SECRET = { 'x-ext-authz': 'allow' };
const sample = (name: string) => readFile(join(ROOT, 'samples/external-authorization', `${name}.yaml`), 'utf8');

const title = 'an external authorizer (000-35, samples/external-authorization; needs Envoy, root and namespaces)';
describe.skipIf(!CAN_RUN_AS_ROOT)(title, { timeout: 120_000 }, () => {
  let mesh: TestMesh;
  bookinfoForAll((started) => {
    mesh = started;
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterAll(() => agent.destroy());

  const status = async (path: string, headers: Record<string, string> = {}) =>
    (await send(`${mesh.gateway}${path}`, { headers, timeoutMs: 10_000 })).status;
  const becomes = (expected: readonly number[]) =>
    eventually(async () => expect([await status(API, SECRET), await status(API)]).toEqual(expected), 60_000);
  /** What it has been asked. */
  const questions = async () => {
    const folder = join(mesh.home, 'log');
    const files = (await readdir(folder, { recursive: true })).filter(
      (file) => file.includes('header-authorizer') && file.endsWith('.log'),
    );
    const all = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8').catch(() => '')));
    return all.join('\n');
  };

  beforeAll(async () => {
    await mesh.apply(await sample('mesh-config'), await sample('header/authorizer'));
    await eventually(async () => expect((await mesh.workload('header-authorizer')).podsReady).toBe(1), 60_000);
  }, 90_000);

  test('decides from its first day on, on connections that are open already', async () => {
    const ask = () =>
      new Promise<readonly [number | undefined, boolean]>((resolve, reject) => {
        const call = request(`${mesh.gateway}${API}`, { agent }, (response) => {
          response.resume();
          response.on('end', () => resolve([response.statusCode, call.reusedSocket]));
        });
        call.on('error', reject);
        call.end();
      });
    await eventually(async () => expect((await ask())[0]).toBe(200));
    await mesh.apply(await sample('header/policy'));
    await eventually(async () => expect(await ask()).toEqual([403, true]));
    await mesh.delete('authorizationpolicies', ['ask-header-authorizer']);
    await eventually(async () => expect(await ask()).toEqual([200, true]));
    await mesh.apply(await sample('header/policy'));
    await eventually(async () => expect(await ask()).toEqual([403, true]));
  });

  test('lets in whom it wants, refuses others in its own words, and tells the program of it', async () => {
    await becomes([200, 403]);
    const refused = await send(`${mesh.gateway}${API}`);
    expect(refused.body).toContain('send the header x-ext-authz: allow');
    const policy = (await sample('header/policy'))
      .replace('name: ask-header-authorizer', 'name: guarded')
      .replace('app: productpage', 'app: guarded')
      .replace('/api/*', '/headers');
    await mesh.apply(app('guarded'), policy);
    await eventually(async () => {
      expect(await status('/headers', { host: 'guarded.test' })).toBe(403);
      const headers = { host: 'guarded.test', ...SECRET, 'x-ext-authz-result': 'forged' };
      const { body } = await send(`${mesh.gateway}/headers`, { headers });
      expect(JSON.parse(body)).toMatchObject({ 'x-ext-authz-result': 'allowed' });
    }, 60_000);
  });

  test('is not asked about paths that the policy does not name', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 50; index += 1) statuses.push(await status('/productpage'));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await status(`${API}?last`);
    await eventually(async () => expect(await questions()).toContain(`refuses GET ${API}?last`));
    expect(await questions()).not.toContain('/productpage');
  });

  test('refuses everybody while it hangs', async () => {
    const { uid } = await mesh.pod('header-authorizer');
    const record = (await readdir(join(mesh.home, 'run/processes'))).find((name) => name.startsWith(`program-${uid}-`));
    const { pid } = JSON.parse(await readFile(join(mesh.home, 'run/processes', record ?? ''), 'utf8')) as {
      pid: number;
    };
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await status(API, SECRET)).toBe(403);
      expect(await status('/productpage')).toBe(200);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await becomes([200, 403]);
  });

  test('refuses everybody when it is gone, or lets everybody in where that is wanted (failOpen)', async () => {
    await mesh.delete('deployments', ['header-authorizer']);
    await becomes([403, 403]);
    expect(await status('/productpage')).toBe(200);
    const text = await sample('mesh-config');
    await mesh.apply(text.replace('pathPrefix: /check', 'pathPrefix: /check\n          failOpen: true'));
    await becomes([200, 200]);
    await mesh.apply(text);
    await becomes([403, 403]);
    await mesh.apply(await sample('header/authorizer'));
    await becomes([200, 403]);
  });

  test('refuses everybody when nobody knows it by that name, and the policy says so', async () => {
    await mesh.apply((await sample('header/policy')).replace('name: header-authorizer', 'name: nobody'));
    await becomes([403, 403]);
    const { conditions } = await mesh.status();
    expect(conditions.find(({ object }) => object.name === 'ask-header-authorizer')?.message).toContain('nobody');
    await mesh.apply(await sample('header/policy'));
    await becomes([200, 403]);
  });

  test('that this machine does not have says what is missing and how to get it', async () => {
    await mesh.apply(app('missing', { image: 'test/installed:1' }));
    await eventually(async () => {
      const pods = (await mesh.list('pods', 'default')) as readonly Resource[];
      const waiting = JSON.stringify(pods.find(({ metadata }) => metadata.name.startsWith('missing-'))?.status);
      expect(waiting).toContain('this image needs meshwise-nobody-has-this, which is not installed');
      expect(waiting).toContain('Get it nowhere.');
      expect((await mesh.workload('missing')).reason).toContain('meshwise-nobody-has-this');
    });
    await mesh.delete('deployments', ['missing']);
  });
});
