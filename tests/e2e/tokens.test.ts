import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claims, ISSUER, keySetOf, TokenKey } from '../attacks/support/tokens.ts';
import { app } from './harness/app.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import type { TestMesh } from './harness/mesh.ts';

const title = 'tokens whose keys are fetched (000-35; needs Envoy, root and namespaces)';
describe.skipIf(!CAN_RUN_AS_ROOT)(title, { timeout: 120_000 }, () => {
  let mesh: TestMesh;
  bookinfoForAll((started) => {
    mesh = started;
  });

  const [first, second] = [new TokenKey('first'), new TokenKey('second')];
  let issuer: Server;
  let address: string;
  let keys: string | undefined = keySetOf(first);

  beforeAll(async () => {
    issuer = createServer((_, response) => {
      if (keys === undefined) response.writeHead(503).end();
      // As short as a key set may be kept; ten seconds are the least that is done.
      else response.writeHead(200, { 'cache-control': 'max-age=1' }).end(keys);
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
  });
  afterAll(() => issuer?.close());

  const policies = (jwksUri: string) =>
    [
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'RequestAuthentication',
        metadata: { name: 'tokens', namespace: 'default' },
        spec: { selector: { matchLabels: { app: 'guarded' } }, jwtRules: [{ issuer: ISSUER, jwksUri }] },
      },
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'tokens', namespace: 'default' },
        spec: {
          selector: { matchLabels: { app: 'guarded' } },
          rules: [{ from: [{ source: { requestPrincipals: [`${ISSUER}/*`] } }] }],
        },
      },
    ].map((resource) => JSON.stringify(resource));

  const call = async (token?: string) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await send(mesh.gateway, { headers: { host: 'guarded.test', ...authorization } })).status;
  };
  const becomes = (token: string, status: number) => eventually(async () => expect(await call(token)).toBe(status));

  test('are good once they have come, from whom the machine can reach', async () => {
    await mesh.apply(app('guarded'));
    await eventually(async () => expect(await call()).toBe(200));
    await mesh.apply(...policies(address));
    await eventually(async () => expect(await call()).toBe(403));
    await becomes(first.signed(claims()), 200);
    expect(await call(second.signed(claims()))).toBe(401);
  });

  test('follow the issuer when it changes them', async () => {
    keys = keySetOf(second);
    await becomes(second.signed(claims()), 200);
    expect(await call(first.signed(claims()))).toBe(401);
  });

  test('stay as they are while the issuer is down, a new daemon included, and every request is answered', async () => {
    keys = undefined;
    const token = second.signed(claims());
    const statuses: number[] = [];
    let isOver = false;
    const asking = (async () => {
      while (!isOver) statuses.push(await call(token).catch(() => 0));
    })();
    await mesh.killDaemon();
    await mesh.startDaemon();
    await mesh.untilReady();
    // What the new daemon says of the policy shows that it has asked in vain.
    await eventually(async () => {
      const { conditions } = await mesh.status();
      const remark = conditions.find(({ object }) => object.kind === 'RequestAuthentication');
      expect(remark?.message).toContain('503');
    });
    const problems = (await readFile(join(mesh.directory, 'daemon.log'), 'utf8')).match(
      /could not be fetched from .*/g,
    );
    expect(problems?.filter((problem) => !problem.includes('503'))).toEqual([]);
    isOver = true;
    await asking;
    expect(new Set(statuses)).toEqual(new Set([200]));
    process.stdout.write(`tokens: ${statuses.length} requests while issuer and daemon were down, 0 failed\n`);
  });

  test('come from a service of the mesh too, which the machine cannot reach by itself', async () => {
    const data = { 'keys.json': keySetOf(first) };
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'keys', namespace: 'default' }, data };
    const volumes = [{ name: 'keys', configMap: { name: 'keys' } }];
    const volumeMounts = [{ name: 'keys', mountPath: '/keys' }];
    await mesh.apply(JSON.stringify(configMap), app('issuer', { volumes, volumeMounts }));
    await mesh.apply(...policies('http://issuer.default.svc.cluster.local:8080/read?path=/keys/keys.json'));
    await becomes(first.signed(claims()), 200);
    expect(await call(second.signed(claims()))).toBe(401);
  });
});
