import type { AccessRule, AccessSummary, AccessView } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { bench } from '../testing/run-cli.ts';

const rule = (name: string, field: string | null = 'spec.rules[0]'): AccessRule => ({
  object: { kind: 'AuthorizationPolicy', namespace: 'shop', name },
  field,
});
const summary = (verdict: AccessSummary['verdict'], reason: string, ...by: AccessRule[]): AccessSummary => ({
  ...{ verdict, reason, by },
  conditions: [],
});
const view: AccessView = {
  clients: [
    {
      kind: 'identity',
      name: 'shop/web',
      identity: 'spiffe://cluster.local/ns/shop/sa/web',
      workloads: ['shop/web-v1'],
    },
    { kind: 'plain', name: 'plain text', identity: null, workloads: [] },
  ],
  servers: ['cart-v1', 'db-v1'].map((name, index) => ({
    ...{ role: 'sidecar' as const, namespace: 'shop', name, identity: null, pods: [] },
    ports: [
      {
        port: 80 + index,
        protocol: 'http',
        mutualTls: 'permissive' as const,
        service: null,
        cells: index === 0 ? [0, 2] : [1, 2],
      },
    ],
  })),
  summaries: [
    summary('allowed', 'shop/cart allows it', rule('cart')),
    summary('some', 'only GET on /read*', rule('db')),
    summary('refused', 'no rule of shop/cart allows it', rule('cart', null)),
  ],
  hasPolicies: true,
};
const handlers = { access: () => ({ body: view }) };

describe('meshwise get access', () => {
  test('prints clients down and servers across, and below what the cells mean', async () => {
    const { meshwise, server } = await bench({ handlers });
    expect(await meshwise('get access -A')).toEqual({
      code: 0,
      stdout: `FROM         shop/cart-v1:80   shop/db-v1:81
shop/web     ✓ yes             ◐ some 1
plain text   ✗ no              ✗ no

✓ yes: every request   ✗ no: none   ◐ some: what the condition of that number says

  1  only GET on /read* (AuthorizationPolicy shop/db spec.rules[0])
`,
      stderr: '',
    });
    expect(server?.calls).toEqual([{ operation: 'access', input: {} }]);
  });

  test('is a list with reasons where the terminal is too narrow', async () => {
    const { meshwise } = await bench({ handlers, isTTY: true, columns: 40, env: { NO_COLOR: '1' } });
    expect((await meshwise('get access')).stdout).toBe(`shop/cart-v1:80  mutual TLS permissive
  ✓ yes   shop/web: shop/cart allows it (AuthorizationPolicy shop/cart spec.rules[0])
  ✗ no    plain text: no rule of shop/cart allows it (AuthorizationPolicy shop/cart)

shop/db-v1:81  mutual TLS permissive
  ◐ some  shop/web: only GET on /read* (AuthorizationPolicy shop/db spec.rules[0])
  ✗ no    plain text: no rule of shop/cart allows it (AuthorizationPolicy shop/cart)
`);
  });

  test('asks for what is named, and prints the whole answer as json', async () => {
    const { meshwise, server } = await bench({ handlers });
    const { stdout } = await meshwise('get access -n shop --from web --to cart --port 80 -o json');
    expect(JSON.parse(stdout)).toEqual(view);
    expect(server?.calls[0]?.input).toEqual({ namespace: 'shop', from: 'web', to: 'cart', port: 80 });
  });

  test('says so when nothing asks who comes', async () => {
    const open = { ...view, servers: [], hasPolicies: false };
    const { meshwise } = await bench({ handlers: { access: () => ({ body: open }) } });
    expect(await meshwise('get access')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No workload with a sidecar, so nobody asks who comes.\n',
    });
  });

  const decision = {
    client: 'shop/web',
    server: 'shop/cart-v1',
    port: 80,
    status: null,
    reason: 'shop/cart allows it',
    by: [rule('cart')],
  };
  test.each([
    ['allowed', 0],
    ['refused', 1],
    ['asked', 0],
  ] as const)('answers for one request, which is %s, with exit code %d', async (verdict, code) => {
    const { meshwise, server } = await bench({
      handlers: { accessRequest: () => ({ body: { decisions: [{ ...decision, verdict }] } }) },
    });
    const line = 'get access --from web --to cart --method POST --path /x --header end-user=jason --header a:b=c';
    const answer = await meshwise(line);
    expect(answer.code).toBe(code);
    expect(answer.stdout).toContain(
      `${verdict.padEnd(7)}   -        shop/web   shop/cart-v1:80   shop/cart allows it   AuthorizationPolicy shop/cart spec.rules[0]`,
    );
    expect(server?.calls[0]?.input).toEqual({
      ...{ from: 'web', to: 'cart', namespace: 'default', method: 'POST', path: '/x' },
      headers: { 'end-user': 'jason', a: 'b=c' },
    });
  });

  test.each([
    'get access --method GET',
    'get access --from web --to cart --header nothing',
    'get access --port 0',
    'get pods --from web',
  ])('%s is wrong usage', async (line) => {
    const { meshwise } = await bench({ handlers });
    expect((await meshwise(line)).code).toBe(2);
  });
});
