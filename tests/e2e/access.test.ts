import { type AccessDecisions, type AccessView, type ApplyResponse, PATHS } from '@meshwise/api';
import { beforeAll, describe, expect, test } from 'vitest';
import { app } from './harness/app.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import { errorCode, send } from './harness/http.ts';
import { asProgram } from './harness/inside.ts';
import type { TestMesh } from './harness/mesh.ts';

/** What every client asks of every server. */
interface Probe {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly user: string;
}

const SERVERS = ['details', 'productpage', 'ratings', 'reviews'];
const METHODS = ['GET', 'POST'];
const PATHS_ASKED = ['/health', '/details/0', '/admin/x'];
const USERS = ['', 'naruto'];

/** Clients by what their pods are called, and by the name of their row. */
const CLIENTS: Readonly<Record<string, string>> = {
  'details-v1': 'default/bookinfo-details',
  'productpage-v1': 'default/bookinfo-productpage',
  'ratings-v1': 'default/bookinfo-ratings',
  'reviews-v1': 'default/bookinfo-reviews',
  visitor: 'default/default',
  legacy: 'plain text',
};

const probesOf = (servers: readonly string[]): readonly Probe[] =>
  servers.flatMap((server) =>
    METHODS.flatMap((method) =>
      PATHS_ASKED.flatMap((path) => USERS.map((user): Probe => ({ server, method, path, user }))),
    ),
  );
const PROBES = probesOf(SERVERS);

const resource = (kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'security.istio.io/v1', kind, metadata: { name, namespace: 'default' }, spec });
const policy = (name: string, spec: object) => resource('AuthorizationPolicy', name, spec);
const of = (application: string) => ({ selector: { matchLabels: { app: application } } });
const as = (...accounts: readonly string[]) => ({
  source: { principals: accounts.map((account) => `cluster.local/ns/default/sa/bookinfo-${account}`) },
});
const operation = (operation: object) => ({ operation });

/** The lab on authorization, step by step, and what else a policy may look at. Each step adds to those before. */
const STEPS: readonly { readonly name: string; readonly resources: readonly string[] }[] = [
  { name: 'without a policy', resources: [] },
  { name: 'everything denied', resources: [policy('deny-all', {})] },
  {
    name: 'reading details, and the product page for everybody',
    resources: [
      policy('details-viewer', { ...of('details'), rules: [{ to: [operation({ methods: ['GET'] })] }] }),
      policy('productpage-viewer', {
        ...of('productpage'),
        rules: [{ to: [operation({ methods: ['GET', 'POST'] })] }],
      }),
    ],
  },
  {
    name: 'each service for its caller alone',
    resources: [
      policy('details-viewer', {
        ...of('details'),
        rules: [{ from: [as('productpage')], to: [operation({ methods: ['GET'], notPaths: ['/admin/*'] })] }],
      }),
      policy('reviews-viewer', { ...of('reviews'), rules: [{ from: [as('productpage')] }] }),
      policy('ratings-viewer', { ...of('ratings'), rules: [{ from: [as('reviews')] }] }),
    ],
  },
  {
    name: 'reviews for one user, by templates of paths and without whom a policy denies',
    resources: [
      policy('reviews-viewer', {
        ...of('reviews'),
        rules: [
          { when: [{ key: 'request.headers[end-user]', values: ['naruto'] }] },
          { from: [{ source: { namespaces: ['default'] } }], to: [operation({ paths: ['/{*}/0'] })] },
        ],
      }),
      policy('no-ratings', { ...of('reviews'), action: 'DENY', rules: [{ from: [as('ratings')] }] }),
    ],
  },
  {
    name: 'mutual TLS for all, but not for details',
    resources: [
      resource('PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } }),
      resource('PeerAuthentication', 'details', {
        ...of('details'),
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 9080: { mode: 'PERMISSIVE' } },
      }),
    ],
  },
];

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'the access matrix against a running mesh (needs Envoy, root and namespaces)',
  { timeout: 180_000 },
  () => {
    let mesh: TestMesh;
    bookinfoForAll((started) => {
      mesh = started;
    });
    beforeAll(async () => {
      const outside = '"metadata":{"labels":{"app":"legacy"},"annotations":{"sidecar.istio.io/inject":"false"}}';
      await mesh.apply(app('visitor'), app('legacy').replace('"metadata":{"labels":{"app":"legacy"}}', outside));
      await eventually(async () => {
        for (const name of ['visitor', 'legacy']) expect((await mesh.pod(name)).ready).toBe(true);
      }, 60_000);
    }, 90_000);

    const requests = { sent: 0, cells: 0 };

    test.each(STEPS)('every cell is what requests get: $name (000-35, 000-36, 001-7)', async ({ name, resources }) => {
      if (resources.length > 0) await mesh.apply(...resources);
      const view = await matrix();
      const agreed = await eventually(() => compare(view), 60_000);
      requests.sent += agreed.sent;
      requests.cells += agreed.cells;
      process.stdout.write(`access, ${name}: ${agreed.sent} requests agree with ${agreed.cells} cells\n`);
    });

    test('was asked enough for that to mean something', () => {
      process.stdout.write(`access: ${requests.sent} requests, all as the matrix says, of ${requests.cells} cells\n`);
      expect(requests.sent).toBeGreaterThan(STEPS.length * PROBES.length * 5);
    });

    test('a policy that locks everybody out is announced before it is applied', async () => {
      const files = [{ name: 'x.yaml', text: policy('closed', { ...of('details'), action: 'DENY', rules: [{}] }) }];
      const { body } = await mesh.request('POST', PATHS.apply, { files, dryRun: true });
      const { verdicts } = JSON.parse(body) as ApplyResponse;
      const [said] = verdicts.flatMap(({ conditions }) => conditions).filter(({ code }) => code === 'MW1010');
      expect(said?.message).toMatch(
        /^after this nobody may call details-v1\.default:9080; \d+ workloads? (is|are) locked out/,
      );
      expect(await mesh.list('authorizationpolicies')).not.toContainEqual(
        expect.objectContaining({ metadata: expect.objectContaining({ name: 'closed' }) }),
      );
    });

    async function matrix(): Promise<AccessView> {
      return JSON.parse((await mesh.request('GET', PATHS.access)).body) as AccessView;
    }

    /** Throws where a request gets anything else than the matrix, and the decision about that one request, say. */
    async function compare(view: AccessView) {
      const wrong: string[] = [];
      let sent = 0;
      for (const [pod, client] of Object.entries(CLIENTS)) {
        const got = await ask(pod, PROBES);
        for (const [index, probe] of PROBES.entries()) {
          sent += 1;
          const isOpen = got[index];
          const said = (await decided(client, probe)) !== 'refused';
          const cells = cellsOf(view, client, probe.server);
          const isPossible = cells.every((verdict) => verdict === 'some' || (verdict === 'allowed') === isOpen);
          if (said !== isOpen || !isPossible || cells.length === 0)
            wrong.push(`${client} ${JSON.stringify(probe)}: got ${isOpen}, decided ${said}, matrix ${cells}`);
        }
      }
      for (const probe of probesOf(['productpage']).filter(({ path }) => path === '/health')) {
        // The one way that the sample's gateway has to the one server behind it.
        const isOpen = await askGateway(probe);
        const said = (await decided('istio-ingressgateway', { ...probe, path: '/productpage' })) !== 'refused';
        sent += 1;
        if (said !== isOpen) wrong.push(`the gateway ${JSON.stringify(probe)}: got ${isOpen}, decided ${said}`);
      }
      if (wrong.length > 0) throw new Error(`${wrong.length} of ${sent} differ:\n${wrong.slice(0, 12).join('\n')}`);
      return { sent, cells: Object.keys(CLIENTS).length * SERVERS.length };
    }

    async function decided(from: string, { server, method, path, user }: Probe): Promise<string> {
      const headers = user === '' ? {} : { 'end-user': user };
      const request = { from, to: `default/${server}`, port: 9080, method, path, headers };
      const { body } = await mesh.request('POST', PATHS.accessRequest, request);
      const verdicts = new Set((JSON.parse(body) as AccessDecisions).decisions.map(({ verdict }) => verdict));
      expect([...verdicts].length, `${from} ${server}`).toBe(1);
      return [...verdicts][0] ?? '';
    }

    function cellsOf({ clients, servers, summaries }: AccessView, client: string, server: string): readonly string[] {
      const index = clients.findIndex(({ name }) => name === client);
      return servers
        .flatMap(({ ports }) => ports.filter(({ service }) => service === `default/${server}`))
        .map(({ cells }) => summaries[cells[index] ?? -1]?.verdict ?? 'unknown');
    }

    /** Whether the server's proxy let each request in, asked from within a pod. What the program says to it is no matter. */
    async function ask(pod: string, probes: readonly Probe[]): Promise<readonly boolean[]> {
      const { uid } = await mesh.pod(pod);
      const script = `const { request } = require('node:http');
      const ask = ({ server, method, path, user }) => new Promise((resolve) => {
        const headers = user === '' ? {} : { 'end-user': user };
        const call = request({ host: server, port: 9080, method, path, headers, agent: false, timeout: 8000 }, (r) => {
          let body = ''; r.on('data', (d) => { body += d; });
          r.on('end', () => resolve(!(r.statusCode === 403 && body === 'RBAC: access denied')));
          r.on('error', () => resolve(false));
        });
        call.on('error', () => resolve(false));
        call.end();
      });
      (async () => { const all = []; for (const one of ${JSON.stringify(probes)}) all.push(await ask(one));
        console.log(JSON.stringify(all)); process.exit(0); })();`;
      return (await asProgram(mesh, uid, script)) as readonly boolean[];
    }

    async function askGateway({ method, user }: Probe): Promise<boolean> {
      const headers: Record<string, string> = user === '' ? {} : { 'end-user': user };
      const { status, body } = await send(`${mesh.gateway}/productpage`, { method, headers }).catch(
        (error: unknown) => ({
          status: 0,
          body: errorCode(error),
        }),
      );
      return !(status === 403 && body === 'RBAC: access denied');
    }
  },
);
