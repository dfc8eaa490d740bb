import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const CALLER = 'spiffe://cluster.local/ns/default/sa/page';
const ASKER = 'spiffe://cluster.local/ns/default/sa/details';
const OWN = 'spiffe://cluster.local/ns/shop/sa/authorizer';
/** As proxies write it: what the caller's proxy was seen by, and the question itself. */
const seen = `By=${ASKER};Hash=ab;Subject="CN=a\\"b,O=c;d";URI=${CALLER}`;
const asked = `By=${OWN};Hash=cd;Subject="";URI=${ASKER}`;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A stand-in for OPA, and the authorizer in front of it as its pod runs it. */
describe('the authorizer in front of OPA', () => {
  const inputs: unknown[] = [];
  let reply: { status?: number; body: string } = { body: '{}' };
  let opa: Server;
  let program: ChildProcess;
  let port = 0;

  const listen = (server: Server, at = 0) =>
    new Promise<number>((resolve) =>
      server.listen(at, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );

  beforeAll(async () => {
    opa = createServer(async (incoming, response) => {
      let text = '';
      for await (const chunk of incoming) text += String(chunk);
      if (incoming.method === 'POST') inputs.push({ url: incoming.url, ...(JSON.parse(text) as object) });
      response.writeHead(reply.status ?? 200).end(reply.body);
    });
    const opaPort = await listen(opa);
    const free = createServer();
    port = await listen(free);
    await new Promise((resolve) => free.close(resolve));
    const entry = fileURLToPath(new URL('src/opa-authorizer.ts', import.meta.url));
    program = spawn(process.execPath, [entry, String(port)], {
      env: {
        HOST: '127.0.0.1',
        OPA_URL: `http://127.0.0.1:${opaPort}`,
        POD_NAMESPACE: 'shop',
        SERVICE_ACCOUNT: 'authorizer',
        // As in a mesh without capture: OPA is beside us all the same.
        NODE_USE_ENV_PROXY: '1',
        http_proxy: 'http://127.0.0.1:9',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => program.stdout?.once('data', resolve));
  });
  beforeEach(() => inputs.splice(0));
  afterAll(() => {
    program?.kill();
    opa?.close();
  });

  function send(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const question = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      question.on('error', reject);
      question.end(body);
    });
  }
  const answers = async (result: unknown) => {
    reply = { body: JSON.stringify({ result }) };
    const { status } = await send('/check/');
    return status;
  };

  test('asks with the input that policies for Envoy are written for', async () => {
    reply = { body: '{"result": true}' };
    const headers = {
      host: 'shop.example',
      'x-forwarded-client-cert': `${seen},${asked}`,
      'content-type': 'application/json',
    };
    expect((await send('/check/a%2Fb/c%20d?x=1&x=2&__proto__=3', headers, 'POST', '{"n": 1}')).status).toBe(200);
    expect(inputs).toMatchObject([
      {
        url: '/v1/data/envoy/authz/allow',
        input: {
          attributes: {
            source: { principal: CALLER },
            destination: { principal: ASKER },
            request: {
              http: {
                method: 'POST',
                path: '/a%2Fb/c%20d?x=1&x=2&__proto__=3',
                host: 'shop.example',
                headers: {
                  ':path': '/a%2Fb/c%20d?x=1&x=2&__proto__=3',
                  ':method': 'POST',
                  ':authority': 'shop.example',
                },
                body: '{"n": 1}',
              },
            },
          },
          parsed_path: ['a/b', 'c d'],
          parsed_query: { x: ['1', '2'] },
          parsed_body: { n: 1 },
        },
      },
    ]);
  });

  test.each<readonly [string, string]>([
    ['no proxy has seen', asked],
    ['said so himself', `By=${OWN};URI=${CALLER}`],
    ['put himself before the proxy that asks', `By=x;URI=${CALLER},${asked}`],
    ['came past our own proxy', `By=${ASKER};URI=${CALLER},By=${ASKER};URI=${ASKER}`],
    ['wrote what nobody can read', `URI="${CALLER},${asked}`],
    ['sent nothing', ''],
  ])('knows nobody who %s', async (_, header) => {
    reply = { body: '{"result": true}' };
    await send('/check/', { 'x-forwarded-client-cert': header });
    expect((inputs[0] as { input: { attributes: object } }).input.attributes).not.toHaveProperty('source');
  });

  test.each<readonly [unknown, number]>([
    [true, 200],
    [{ allowed: true }, 200],
    [{ allowed: true, http_status: 404 }, 200],
    [false, 403],
    [undefined, 403],
    ['true', 403],
    [1, 403],
    [[true], 403],
    [{}, 403],
    [{ allowed: 'true' }, 403],
    [{ allowed: false, http_status: 401 }, 401],
    [{ allowed: false, http_status: 302 }, 302],
    // What would let in: a refusal that reads like a permission, or like an authorizer that is broken.
    [{ allowed: false, http_status: 200 }, 403],
    [{ allowed: false, http_status: 503 }, 403],
    [{ allowed: false, http_status: '401' }, 403],
  ])('makes of the decision %j the status %i', async (result, status) => {
    expect(await answers(result)).toBe(status);
  });

  test('passes headers and body of a decision on', async () => {
    const headers = { 'x-policy-rule': 'a', 'set-cookie': ['b=1', 'c=2'], 'x-bad': 7 };
    reply = { body: JSON.stringify({ result: { allowed: false, headers, body: 'no' } }) };
    const answer = await send('/check/');
    expect(answer).toMatchObject({ status: 403, body: 'no' });
    expect(answer.headers).toMatchObject({ 'x-policy-rule': 'a', 'set-cookie': ['b=1', 'c=2'] });
    expect(answer.headers).not.toHaveProperty('x-bad');
  });

  test('says that nobody has decided when OPA fails or makes no sense, and asks again next time', async () => {
    for (const broken of [
      { status: 500, body: '{}' },
      { body: 'nonsense' },
      { body: '{"result": {"allowed": true, "headers": {"a b": "c"}}}' },
    ]) {
      reply = broken;
      expect((await send('/check/')).status).toBe(503);
    }
    expect(await answers(true)).toBe(200);
  });

  test('takes nothing for a question but what is one, and probes for OPA, too', async () => {
    reply = { body: '{"result": true}' };
    for (const path of ['/', '/details/0', '/check', '/checked/a']) expect((await send(path)).status).toBe(404);
    expect((await send('/check/ready')).status).toBe(200);
    expect(inputs).toHaveLength(1);
    expect((await send('/ready')).status).toBe(200);
    reply = { status: 500, body: '' };
    expect((await send('/ready')).status).toBe(503);
  });
});
