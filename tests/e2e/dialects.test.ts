import { describe, expect, test } from 'vitest';
import { app } from './harness/app.ts';
import { binomialBounds } from './harness/binomial.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { asProgram } from './harness/inside.ts';
import type { TestMesh } from './harness/mesh.ts';

/** `opinions` is what clients call; by itself it is the old program. */
const PROGRAMS = ['opinions', 'newer', 'asker', 'stranger'] as const;

/** Requests of one user for one thing go to the newer program, all others where they were sent. */
const STEERING: Readonly<Record<string, readonly object[]>> = {
  Istio: [
    istio('networking', 'VirtualService', 'opinions', {
      hosts: ['opinions'],
      http: [
        {
          match: [
            { method: { exact: 'GET' }, uri: { regex: '/book/.*' }, headers: { 'end-user': { exact: 'jason' } } },
          ],
          route: [{ destination: { host: 'newer' } }],
        },
        { route: [{ destination: { host: 'opinions' } }] },
      ],
    }),
  ],
  'Gateway API': [
    httpRoute([
      {
        matches: [
          {
            method: 'GET',
            path: { type: 'RegularExpression', value: '/book/.*' },
            headers: [{ name: 'end-user', value: 'jason' }],
          },
        ],
        backendRefs: [{ name: 'newer', port: 8080 }],
      },
      { backendRefs: [{ name: 'opinions', port: 8080 }] },
    ]),
  ],
  SMI: [
    smi('specs', 'v1alpha4', 'HTTPRouteGroup', 'jasons-books', {
      matches: [{ name: 'all', methods: ['GET'], pathRegex: '/book/.*', headers: [{ 'end-user': '^jason$' }] }],
    }),
    smi('split', 'v1alpha4', 'TrafficSplit', 'opinions', {
      service: 'opinions',
      matches: [{ kind: 'HTTPRouteGroup', name: 'jasons-books' }],
      backends: [{ service: 'newer', weight: 100 }],
    }),
  ],
};

/** A quarter goes to the newer program. */
const SHARING: Readonly<Record<string, readonly object[]>> = {
  Istio: [
    istio('networking', 'VirtualService', 'opinions', {
      hosts: ['opinions'],
      http: [
        {
          route: [
            { destination: { host: 'opinions' }, weight: 75 },
            { destination: { host: 'newer' }, weight: 25 },
          ],
        },
      ],
    }),
  ],
  'Gateway API': [
    httpRoute([
      {
        backendRefs: [
          { name: 'opinions', port: 8080, weight: 3 },
          { name: 'newer', port: 8080, weight: 1 },
        ],
      },
    ]),
  ],
  SMI: [
    smi('split', 'v1alpha4', 'TrafficSplit', 'opinions', {
      service: 'opinions',
      backends: [
        { service: 'opinions', weight: 75 },
        { service: 'newer', weight: 25 },
      ],
    }),
  ],
};

/** One identity may read books there, nobody may do anything else. The Gateway API has no words for it. */
const PERMITTING: Readonly<Record<string, readonly object[]>> = {
  Istio: [
    istio('security', 'AuthorizationPolicy', 'opinions', {
      selector: { matchLabels: { app: 'opinions' } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: ['cluster.local/ns/default/sa/asker'] } }],
          to: [{ operation: { methods: ['GET'], paths: ['/book/*'] } }],
        },
      ],
    }),
  ],
  SMI: [
    smi('specs', 'v1alpha4', 'HTTPRouteGroup', 'books', {
      matches: [{ name: 'read', methods: ['GET'], pathRegex: '/book/' }],
    }),
    smi('access', 'v1alpha3', 'TrafficTarget', 'opinions', {
      destination: { kind: 'ServiceAccount', name: 'opinions', namespace: 'default' },
      sources: [{ kind: 'ServiceAccount', name: 'asker', namespace: 'default' }],
      rules: [{ kind: 'HTTPRouteGroup', name: 'books', matches: ['read'] }],
    }),
  ],
};

interface Question {
  readonly method: string;
  readonly path: string;
  readonly user: string;
}

const QUESTIONS: readonly Question[] = ['GET', 'POST', 'PUT', 'DELETE'].flatMap((method) =>
  ['/', '/book', '/book/', '/book/1', '/book/1/pages?from=2', '/books/1', '/BOOK/1', '/a/book/1'].flatMap((path) =>
    ['', 'jason', 'Jason', 'jason2'].map((user) => ({ method, path, user })),
  ),
);

const title = 'one intent in several dialects (000-43, 001-80; needs Envoy, root and namespaces)';
describe.skipIf(!CAN_RUN_AS_ROOT)(title, { timeout: 120_000 }, () => {
  let mesh: TestMesh;
  bookinfoForAll((started) => {
    mesh = started;
  });

  async function prepare(): Promise<void> {
    const accounts = PROGRAMS.map((name) => object('v1', 'ServiceAccount', name, {}));
    const programs = PROGRAMS.map((name) =>
      app(name).replace('"containers"', `"serviceAccountName":"${name}","containers"`),
    );
    await mesh.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: accounts }), ...programs);
    await eventually(async () => {
      for (const name of PROGRAMS) expect((await mesh.pod(name)).ready).toBe(true);
      expect(await ask('asker', [{ method: 'GET', path: '/', user: '' }])).toEqual(['200 opinions']);
      expect(await ask('stranger', [{ method: 'GET', path: '/', user: '' }])).toEqual(['200 opinions']);
    }, 60_000);
  }

  /** What came of each question, asked from within a pod: the status, and which program answered. */
  async function ask(from: string, questions: readonly Question[]): Promise<readonly string[]> {
    const { uid } = await mesh.pod(from);
    const script = `const { request, Agent } = require('node:http');
      const agent = new Agent({ keepAlive: true, maxSockets: 4 });
      const ask = ({ method, path, user }) => new Promise((resolve) => {
        const headers = user === '' ? {} : { 'end-user': user };
        const call = request({ host: 'opinions', port: 8080, method, path, headers, agent, timeout: 8000 }, (r) => {
          let body = ''; r.on('data', (d) => { body += d; });
          r.on('end', () => resolve(r.statusCode + ' ' + (/^hello from ([a-z]+)/.exec(body)?.[1] ?? 'proxy')));
        });
        call.on('error', (error) => resolve(error.code ?? String(error)));
        call.end();
      });
      Promise.all(${JSON.stringify(questions)}.map(ask)).then((all) => { console.log(JSON.stringify(all)); process.exit(0); });`;
    return (await asProgram(mesh, uid, script)) as readonly string[];
  }

  /** Applies an intent in one dialect, and takes it back afterwards; nothing of it may be left out. */
  async function during<T>(resources: readonly object[], act: () => Promise<T>): Promise<T> {
    const { verdicts } = await mesh.apply(...resources.map((resource) => JSON.stringify(resource)));
    expect(verdicts.filter(({ verdict }) => verdict !== 'accepted')).toEqual([]);
    try {
      return await act();
    } finally {
      for (const { kind, metadata } of resources as readonly { kind: string; metadata: { name: string } }[])
        await mesh.delete(kind, [metadata.name]);
      await eventually(async () => {
        expect(new Set(await ask('stranger', QUESTIONS.slice(0, 40)))).toEqual(new Set(['200 opinions']));
      });
    }
  }

  const expected = (wanted: (question: Question) => string) => QUESTIONS.map(wanted);

  test('requests are steered alike, one by one', async () => {
    await prepare();
    const wanted = expected(({ method, path, user }) =>
      method === 'GET' && path.startsWith('/book/') && user === 'jason' ? '200 newer' : '200 opinions',
    );
    for (const [dialect, resources] of Object.entries(STEERING)) {
      await during(resources, () =>
        eventually(async () => expect(await ask('asker', QUESTIONS), dialect).toEqual(wanted)),
      );
    }
    const asked = QUESTIONS.length * Object.keys(STEERING).length;
    process.stdout.write(`dialects: ${asked} requests in ${Object.keys(STEERING).length} dialects, all alike\n`);
  });

  test('shares are alike', async () => {
    const count = 400;
    const { low, high } = binomialBounds(count, 0.25);
    const questions = Array.from({ length: count }, () => ({ method: 'GET', path: '/', user: '' }));
    for (const [dialect, resources] of Object.entries(SHARING)) {
      await during(resources, async () => {
        await eventually(async () => expect(await ask('asker', questions.slice(0, 60))).toContain('200 newer'));
        const answers = await ask('asker', questions);
        const newer = answers.filter((answer) => answer === '200 newer').length;
        expect(answers.filter((answer) => answer === '200 opinions').length, dialect).toBe(count - newer);
        expect(newer, dialect).toBeGreaterThanOrEqual(low);
        expect(newer, dialect).toBeLessThanOrEqual(high);
      });
    }
  });

  test('permissions are alike, one by one', async () => {
    const wanted = expected(({ method, path }) =>
      method === 'GET' && path.startsWith('/book/') ? '200 opinions' : '403 proxy',
    );
    for (const [dialect, resources] of Object.entries(PERMITTING)) {
      await during(resources, async () => {
        await eventually(async () => expect(await ask('asker', QUESTIONS), dialect).toEqual(wanted));
        expect(new Set(await ask('stranger', QUESTIONS)), dialect).toEqual(new Set(['403 proxy']));
      });
    }
  });
});

function object(apiVersion: string, kind: string, name: string, more: object): object {
  return { apiVersion, kind, metadata: { name, namespace: 'default' }, ...more };
}

function istio(group: string, kind: string, name: string, spec: object): object {
  return object(`${group}.istio.io/v1`, kind, name, { spec });
}

function smi(group: string, version: string, kind: string, name: string, spec: object): object {
  return object(`${group}.smi-spec.io/${version}`, kind, name, { spec });
}

function httpRoute(rules: readonly object[]): object {
  const parentRefs = [{ group: '', kind: 'Service', name: 'opinions', port: 8080 }];
  return object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'opinions', { spec: { parentRefs, rules } });
}
