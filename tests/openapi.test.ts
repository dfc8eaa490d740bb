import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiDescription, apiWithoutMesh, type DescribedApi } from '../docs/tools/api-description.ts';
import { listRoutes, type Route } from './support/list-routes.ts';
import { ROOT } from './support/source-files.ts';

const HOST = '127.0.0.1:15080';
const TOKEN = 'a-token-for-this-test-alone';

/** What answers without the token, and why. */
const WITHOUT_TOKEN: Readonly<Record<string, string>> = {
  'POST /api/v1/session': 'takes a one-time token instead and gives a session for it',
};

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly responses?: Readonly<Record<string, unknown>>;
}
const committed = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.entries(committed.paths).flatMap(([url, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${url}`,
    url,
    method,
    operation,
  })),
);

describe('the description of the API', () => {
  test('is what the server says of itself; `npm run docs` writes it', async () => {
    expect(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')).toBe(await apiDescription());
  });

  test('has the paths of the contract, all of them and no others', () => {
    expect(Object.keys(committed.paths).sort()).toEqual(Object.values<string>(PATHS).sort());
  });

  test.each(operations)('tells what $name is for and what it answers', ({ operation }) => {
    expect(operation.summary).toMatch(/^[A-Z].{5,}[^.]$/);
    expect(Object.keys(operation.responses ?? {})).not.toEqual([]);
  });

  test('says of all operations but the documented ones that they need the token', () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ name }) => name)).toEqual(Object.keys(WITHOUT_TOKEN));
  });
});

describe('the API', () => {
  const web = mkdtempSync(join(tmpdir(), 'meshwise-web-'));
  let described: DescribedApi;
  let routes: readonly Route[];

  beforeAll(async () => {
    writeFileSync(join(web, 'index.html'), '<title>page</title>');
    described = await apiWithoutMesh({ host: HOST, token: TOKEN, webDirectory: web });
    routes = listRoutes(described.api.printRoutes({ commonPrefix: false }));
  });
  afterAll(async () => {
    await described.api.close();
    rmSync(web, { recursive: true });
  });

  const ask = ({ method, url }: Route, headers: Record<string, string> = {}) =>
    described.api.inject({ method, url, headers: { host: HOST, ...headers } } as never);
  const apiRoutes = () => routes.filter(({ url }) => /^\/apis?\//.test(url) || url === PATHS.metrics);

  test('has no route under /api that is not described', () => {
    const described = new Set(operations.map(({ name }) => name));
    // Fastify answers HEAD wherever it answers GET.
    const names = apiRoutes()
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(names.length).toBe(operations.length);
    expect(names.filter((name) => !described.has(name))).toEqual([]);
  });

  test('asks for the token on every route but the documented ones', async () => {
    for (const route of apiRoutes()) {
      const name = `${route.method} ${route.url}`;
      for (const headers of [{}, { authorization: 'Bearer something-else' }, { cookie: 'meshwise_session=made-up' }]) {
        const { statusCode } = await ask(route, headers);
        if (name in WITHOUT_TOKEN) expect(statusCode, name).not.toBe(500);
        else expect(statusCode, `${name} with ${JSON.stringify(headers)}`).toBe(401);
      }
    }
  });

  test('lets the token in, so that the answers above are about the token', async () => {
    const answer = await ask({ method: 'GET', url: `${PATHS.logs}?namespace=a` }, { authorization: `Bearer ${TOKEN}` });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'MW6006']);
  });

  test.each([
    ['another Host', { host: 'meshwise.example:15080' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['another Origin', { origin: 'http://elsewhere.example' }],
    ['an opaque Origin', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])(
    'refuses a request from %s on every route, the page included, token or not',
    async (_what, headers: Record<string, string>) => {
      for (const route of routes) {
        const answer = await ask(route, { authorization: `Bearer ${TOKEN}`, ...headers });
        expect(answer.statusCode, `${route.method} ${route.url}`).toBe(403);
      }
    },
  );

  test('shows the page without a token, and nothing but the page', async () => {
    const page = await ask({ method: 'GET', url: '/' });
    expect([page.statusCode, page.body]).toEqual([200, '<title>page</title>']);
    expect((await ask({ method: 'GET', url: '/../../etc/passwd' })).statusCode).toBe(404);
  });

  test('gives one session for a one-time token', async () => {
    const token = described.authority.issueOneTimeToken();
    const exchange = () =>
      described.api.inject({ method: 'POST', url: PATHS.session, headers: { host: HOST }, payload: { token } });
    const first = await exchange();
    expect(first.statusCode).toBe(200);
    expect(first.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Strict/);
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
    expect((await ask({ method: 'GET', url: `${PATHS.logs}?namespace=a` }, { cookie })).statusCode).toBe(400);
    expect((await exchange()).statusCode).toBe(401);
  });
});
