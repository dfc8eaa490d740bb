import { describe, expect, test } from 'vitest';
import { pod, pods } from '../testing/fixtures.ts';
import { bench } from '../testing/run-cli.ts';

const one = { resources: () => ({ body: pods(pod('reviews-v1-aaa')) }) };

describe('meshwise get', () => {
  test('prints pods in the columns kubectl has', async () => {
    const { meshwise, server } = await bench({ handlers: one });
    expect(await meshwise('get pods')).toEqual({
      code: 0,
      stdout: `NAME             READY   STATUS    RESTARTS   AGE     IP
reviews-v1-aaa   2/2     Running   2          3m20s   192.0.2.7
`,
      stderr: '',
    });
    expect(server?.calls).toEqual([{ operation: 'resources', input: { kind: 'pods', namespace: 'default' } }]);
  });

  test('adds the namespace with -A and the images with -o wide, and hands the selector on', async () => {
    const { meshwise, server } = await bench({ handlers: one });
    const { stdout } = await meshwise('get po -A -l app=reviews -o wide');
    expect(stdout).toContain('NAMESPACE   NAME');
    expect(stdout).toContain('shop/reviews:1,meshwise/envoy:1.40.0');
    expect(server?.calls).toEqual([{ operation: 'resources', input: { kind: 'po', labelSelector: 'app=reviews' } }]);
  });

  test('asks for no namespace of a kind that has none', async () => {
    const { meshwise, server } = await bench({
      handlers: {
        resources: () => ({
          body: {
            apiVersion: 'v1',
            kind: 'Namespace',
            namespaced: false,
            resourceVersion: '1',
            items: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }],
          },
        }),
      },
    });
    expect((await meshwise('get ns shop -n other')).stdout).toBe('NAME   STATUS   AGE\nshop   Active   -\n');
    expect(server?.calls[0]?.input).toEqual({ kind: 'ns', name: 'shop' });
  });

  test('says where there are others of the same name, and always means the same ones', async () => {
    const listing = (apiVersion: string, ...names: readonly string[]) => ({
      body: {
        apiVersion,
        kind: 'Gateway',
        namespaced: true,
        resourceVersion: '1',
        items: names.map((name) => ({ apiVersion, kind: 'Gateway', metadata: { name, namespace: 'default' } })),
      },
    });
    const other = 'gateways.gateway.networking.k8s.io';
    const { meshwise, server } = await bench({
      handlers: {
        resources: ({ kind }) =>
          kind === other || kind === 'gtw'
            ? listing('gateway.networking.k8s.io/v1', 'edge')
            : listing('networking.istio.io/v1', 'ingress'),
      },
    });
    const { stdout, stderr } = await meshwise('get gateways -o name');
    expect(stdout).toBe('gateway.networking.istio.io/ingress\n');
    expect(stderr).toBe(`gateways are those of networking.istio.io. There are others: ${other}, or gtw.\n`);
    expect(server?.calls.map(({ input }) => input)).toEqual([
      { kind: 'gateways', namespace: 'default' },
      { kind: other, namespace: 'default' },
    ]);
    expect(await meshwise('get gtw -o name')).toEqual({
      code: 0,
      stdout: 'gateway.gateway.networking.k8s.io/edge\n',
      stderr: '',
    });
  });

  test('prints several kinds one after the other, with the kind in each name', async () => {
    const { meshwise, server } = await bench({ handlers: one });
    const { stdout } = await meshwise('get pods,services');
    expect(stdout.split('\n\n')).toHaveLength(2);
    expect(stdout).toContain('pod/reviews-v1-aaa');
    expect(server?.calls.map(({ input }) => input['kind'])).toEqual(['pods', 'services']);
  });

  test('prints one resource as itself and several as a List, without the book-keeping of managed fields', async () => {
    const { meshwise } = await bench({ handlers: one });
    const single = JSON.parse((await meshwise('get pod reviews-v1-aaa -o json')).stdout);
    expect(single).toMatchObject({ kind: 'Pod', metadata: { name: 'reviews-v1-aaa' } });
    expect(single.metadata).not.toHaveProperty('managedFields');
    const list = JSON.parse((await meshwise('get pods -o json --show-managed-fields')).stdout);
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List', items: [{ metadata: { managedFields: [{}] } }] });
    expect((await meshwise('get pod/reviews-v1-aaa -o yaml')).stdout).toMatch(
      /^apiVersion: v1\nkind: Pod\nmetadata:\n {2}name: reviews-v1-aaa\n/,
    );
  });

  test('prints one object a line as ndjson, and names that other commands take', async () => {
    const { meshwise } = await bench({ handlers: { resources: () => ({ body: pods(pod('a'), pod('b')) }) } });
    const lines = (await meshwise('get pods -o ndjson')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).metadata.name)).toEqual(['a', 'b']);
    expect((await meshwise('get pods -o name')).stdout).toBe('pod/a\npod/b\n');
  });

  test('a name that is not there ends with 1; an empty list is a good answer', async () => {
    const { meshwise } = await bench({ handlers: { resources: () => ({ body: pods() }) } });
    const named = await meshwise('get pod nobody');
    expect(named).toMatchObject({ code: 1, stdout: '' });
    expect(named.stderr).toContain('error MW2001: there is no pod nobody in namespace default\n');
    expect(await meshwise('get pods')).toEqual({ code: 0, stdout: '', stderr: 'No resources found in default.\n' });
    expect(await meshwise('get pods -o json')).toMatchObject({ code: 0, stderr: '' });
  });

  test('--raw prints what is at a path as it is, and takes the token nowhere else', async () => {
    const { meshwise, server } = await bench({ handlers: one });
    const { stdout } = await meshwise('get --raw /api/v1/resources?kind=pods');
    expect(JSON.parse(stdout)).toEqual(pods(pod('reviews-v1-aaa')));
    expect(server?.calls[0]?.input).toEqual({ kind: 'pods' });
    for (const path of ['//127.0.0.1:1/apis', '/\\127.0.0.1:1/apis', 'http://127.0.0.1:1/apis', 'apis']) {
      const { code, stderr } = await meshwise(`get --raw ${path}`);
      expect([code, stderr]).toEqual([2, expect.stringContaining('is no path of the API')]);
    }
  });

  test.each(['get', 'get pods --raw /metrics', 'get pods/a b', 'get pods,services a', 'get /a', 'get ,'])(
    '%s is wrong usage',
    async (line) => {
      const { meshwise } = await bench({ handlers: one });
      expect((await meshwise(line)).code).toBe(2);
    },
  );

  test('a kind without columns of its own has its age, an unknown shape is no crash', async () => {
    const items = [{ apiVersion: 'example.dev/v1', kind: 'Widget', metadata: { name: 'w\u001b[2J' }, spec: 7 }];
    const body = { apiVersion: 'example.dev/v1', kind: 'Widget', namespaced: true, resourceVersion: '1', items };
    const { meshwise } = await bench({ handlers: { resources: () => ({ body }) } });
    expect((await meshwise('get widgets')).stdout).toBe('NAME   AGE\nw      -\n');
  });
});
