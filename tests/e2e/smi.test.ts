import type { TrafficMetrics, TrafficMetricsList } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { binomialBounds } from './harness/binomial.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { Conformance, conformanceApp, conformanceNamespace, documents } from './harness/conformance.ts';
import { eventually } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { inMesh, plainRequest } from './harness/inside.ts';
import type { TestMesh } from './harness/mesh.ts';
import { countStars } from './harness/page.ts';

const account = (name: string) => ({ kind: 'ServiceAccount', name });

function smi(group: string, version: string, kind: string, namespace: string, name: string, body: object): string {
  return documents({ apiVersion: `${group}.smi-spec.io/${version}`, kind, metadata: { namespace, name }, ...body });
}

/** Splits `root` between two services by weights as a version writes them. */
function split(version: string, namespace: string, root: string, weights: Readonly<Record<string, string | number>>) {
  const backends = Object.entries(weights).map(([service, weight]) => ({ service, weight }));
  return smi('split', version, 'TrafficSplit', namespace, 'split', { spec: { service: root, backends } });
}

const VERSIONS = ['v1alpha1', 'v1alpha2', 'v1alpha3', 'v1alpha4'];

describe.skipIf(!CAN_RUN_AS_ROOT)('SMI (needs Envoy, root and namespaces)', { timeout: 120_000 }, () => {
  let mesh: TestMesh;
  bookinfoForAll((started) => {
    mesh = started;
  });

  describe('a TrafficSplit of BookInfo (Linkerd workshop, Lab 7; 001-76)', () => {
    const services = ['v1', 'v2'].map((version) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name: `reviews-${version}` },
      spec: { selector: { app: 'reviews', version }, ports: [{ name: 'http', port: 9080 }] },
    }));

    test('500m and 500m are half and half, and v3 never', async () => {
      expect((await countStars(mesh, 40)).red).toBeGreaterThan(0);
      const weights = { 'reviews-v1': '500m', 'reviews-v2': '500m' };
      const { verdicts } = await mesh.apply(documents(...services), split('v1alpha1', 'default', 'reviews', weights));
      expect(verdicts.filter(({ verdict }) => verdict !== 'accepted')).toEqual([]);
      await eventually(async () => expect(await countStars(mesh, 20)).toMatchObject({ red: 0 }));
      const stars = await countStars(mesh, 200);
      const { low, high } = binomialBounds(200, 0.5);
      expect(stars).toMatchObject({ red: 0, failed: 0 });
      expect(stars.none).toBeGreaterThanOrEqual(low);
      expect(stars.none).toBeLessThanOrEqual(high);
    });

    test('every version takes the place of the one before, and without any all three answer again', async () => {
      for (const [index, version] of VERSIONS.entries()) {
        const toV2 = index % 2 === 0;
        const [full, none] = version === 'v1alpha1' ? ['1', '0'] : [1, 0];
        const weights = { 'reviews-v1': (toV2 ? none : full) ?? 0, 'reviews-v2': (toV2 ? full : none) ?? 0 };
        await mesh.apply(split(version, 'default', 'reviews', weights));
        await eventually(async () =>
          expect(await countStars(mesh, 12)).toMatchObject({ [toV2 ? 'black' : 'none']: 12 }),
        );
      }
      await mesh.delete('trafficsplit', ['split']);
      await eventually(async () => expect((await countStars(mesh, 20)).red).toBeGreaterThan(0));
    });
  });

  describe('conformance (000-43): access and specs', () => {
    const namespace = 'access';
    const [a, b] = ['service-a', 'service-b'];
    const target = (rules: readonly object[], sources = [account(a)]) =>
      smi('access', 'v1alpha3', 'TrafficTarget', namespace, 'a-to-b', {
        spec: { destination: { ...account(b), namespace }, sources, rules },
      });
    const tcp = (name: string, ports: readonly number[]) =>
      smi('specs', 'v1alpha4', 'TCPRoute', namespace, name, { spec: { matches: { ports } } });
    const group = (match: object) =>
      smi('specs', 'v1alpha4', 'HTTPRouteGroup', namespace, 'routes', { spec: { matches: [match] } });
    const app = () => new Conformance(mesh, namespace);
    const answers = (path: string, method: string, expected: object) =>
      eventually(async () => expect(await app().call(a, b, { path, method })).toEqual(expected));

    test('programs become ready where nobody may call them: probes do not pass by the access control', async () => {
      const labels = { 'meshwise.dev/traffic-access': 'deny' };
      await mesh.apply(
        conformanceNamespace(namespace, labels),
        conformanceApp(namespace, a),
        conformanceApp(namespace, b),
      );
      await eventually(async () => {
        for (const name of [a, b]) expect((await mesh.workload(name, namespace)).health).toBe('healthy');
      }, 60_000);
    });

    test('by default everything is blocked, by the proxy and not for lack of a way', async () => {
      await answers('/echo', 'GET', { 403: 1 });
      expect(await app().sendBytes(a, b)).toBe('');
      expect((await app().seen(b)).ReqReceived).toEqual([]);
    });

    test('a TrafficTarget from a to b allows a, and b knows it was a', async () => {
      await mesh.apply(tcp('all', []), target([{ kind: 'TCPRoute', name: 'all' }]));
      await answers('/echo', 'GET', { 200: 1 });
      await app().forget(a, b);
      expect(await app().call(a, b)).toEqual({ 200: 1 });
      const [ofA, ofB] = [await app().seen(a), await app().seen(b)];
      expect([ofA.RespSucceeded.length, ofA.RespFailed.length, ofB.ReqReceived]).toEqual([1, 0, [a]]);
      expect(await app().sendBytes(a, b)).toBe('service-b heard hello');
      // What is allowed one way is not allowed the other.
      expect(await app().call(b, a)).toEqual({ 403: 1 });
    });

    test('a TCPRoute with ports allows those, for bytes and for requests', async () => {
      await mesh.apply(tcp('all', [9092]));
      await answers('/echo', 'GET', { 403: 1 });
      expect(await app().sendBytes(a, b)).toBe('service-b heard hello');
    });

    test('without the TrafficTarget everything is blocked again', async () => {
      await app().delete('traffictarget', 'a-to-b');
      await app().delete('tr', 'all');
      expect([...(await app().list('tt')), ...(await app().list('tr'))]).toEqual([]);
      await eventually(async () => expect(await app().sendBytes(a, b)).toBe(''));
      await answers('/echo', 'GET', { 403: 1 });
    });

    test('an HTTPRouteGroup narrows by path, then by method, and to no bytes', async () => {
      const rules = [{ kind: 'HTTPRouteGroup', name: 'routes' }];
      await mesh.apply(group({ name: 'metrics', pathRegex: '/metrics', methods: ['*'] }), target(rules));
      await answers('/metrics', 'GET', { 200: 1 });
      expect(await app().call(a, b, { path: '/echo' })).toEqual({ 403: 1 });
      await mesh.apply(group({ name: 'reads', pathRegex: '.*', methods: ['GET'] }));
      await answers('/echo', 'GET', { 200: 1 });
      expect(await app().call(a, b, { path: '/echo', method: 'POST' })).toEqual({ 403: 1 });
      expect(await app().sendBytes(a, b)).toBe('');
    });

    test('an HTTPRouteGroup narrows by headers', async () => {
      await mesh.apply(group({ name: 'beta', headers: { 'x-group': 'beta.*' } }));
      await answers('/echo', 'GET', { 403: 1 });
      expect(await app().call(a, b, { headers: { 'x-group': 'beta-2' } })).toEqual({ 200: 1 });
      expect(await app().call(a, b, { headers: { 'x-group': 'alpha' } })).toEqual({ 403: 1 });
    });
  });

  describe('access of whom no sidecar speaks for', () => {
    const namespace = 'access';
    const [a, b] = ['service-a', 'service-b'];
    const gateway = { ...account('istio-ingressgateway-service-account'), namespace: 'istio-system' };
    const target = (sources: readonly object[]) =>
      smi('access', 'v1alpha3', 'TrafficTarget', namespace, 'a-to-b', {
        spec: { destination: account(b), sources, rules: [{ kind: 'TCPRoute', name: 'all' }] },
      });
    const byGateway = async () => (await send(`${mesh.gateway}/echo`, { headers: { host: 'service-b.test' } })).status;

    test('a gateway is let in by its service account, and a client without an identity never', async () => {
      const way = {
        hosts: ['service-b.test'],
        gateways: ['default/bookinfo-gateway'],
        http: [{ route: [{ destination: { host: b, port: { number: 9091 } } }] }],
      };
      const metadata = { namespace, name: 'way-to-b' };
      await mesh.apply(
        documents({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec: way }),
        smi('specs', 'v1alpha4', 'TCPRoute', namespace, 'all', { spec: {} }),
        target([account(a)]),
      );
      await eventually(async () => expect(await new Conformance(mesh, namespace).call(a, b)).toEqual({ 200: 1 }));
      await eventually(async () => expect(await byGateway()).toBe(403));
      const { ip } = await mesh.pod(b, namespace);
      const plain = () => inMesh(mesh, plainRequest(ip ?? '', 9091, '/echo'));
      expect(await plain()).toMatchObject({ status: 403 });
      await mesh.apply(target([account(a), gateway]));
      await eventually(async () => expect(await byGateway()).toBe(200));
      expect(await plain()).toMatchObject({ status: 403 });
    });
  });

  describe('conformance (000-43): splits and metrics', () => {
    const namespace = 'splits';
    const [a, b, c] = ['app-a', 'app-b', 'app-c'];
    const app = () => new Conformance(mesh, namespace);
    const shares = async (count = 50, headers = {}) => {
      await app().forget(b, c);
      expect(await app().call(a, 'app-svc', { count, headers })).toEqual({ 200: count });
      return [(await app().seen(b)).ReqReceived.length, (await app().seen(c)).ReqReceived.length];
    };

    test('without a split both get something', async () => {
      const root = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace, name: 'app-svc' },
        spec: { selector: { part: 'svc' }, ports: [{ name: 'http', port: 9091 }] },
      };
      await mesh.apply(
        conformanceNamespace(namespace),
        conformanceApp(namespace, a),
        conformanceApp(namespace, b, { part: 'svc' }),
        conformanceApp(namespace, c, { part: 'svc' }),
        documents(root),
      );
      await eventually(async () => {
        for (const name of [a, b, c]) expect((await mesh.workload(name, namespace)).health).toBe('healthy');
      }, 60_000);
      await eventually(async () => expect(Math.min(...(await shares()))).toBeGreaterThan(0));
    });

    test.each([
      [1, 0],
      [0, 1],
      [75, 25],
      [25, 75],
    ])('weights %d and %d', async (first, second) => {
      await mesh.apply(split('v1alpha4', namespace, 'app-svc', { [b]: first, [c]: second }));
      const { low, high } = binomialBounds(200, first / (first + second));
      await eventually(async () => {
        const [toB = 0, toC = 0] = await shares(200);
        expect(toB + toC).toBe(200);
        expect(toB).toBeGreaterThanOrEqual(low);
        expect(toB).toBeLessThanOrEqual(high);
      });
    });

    test('matches split only what an HTTPRouteGroup describes', async () => {
      const spec = {
        service: `app-svc.${namespace}.svc.cluster.local`,
        matches: [{ kind: 'HTTPRouteGroup', name: 'firefox' }],
        backends: [
          { service: b, weight: 0 },
          { service: c, weight: 100 },
        ],
      };
      const group = { spec: { matches: [{ name: 'any', headers: [{ 'user-agent': '.*Firefox.*' }] }] } };
      await mesh.apply(
        smi('specs', 'v1alpha4', 'HTTPRouteGroup', namespace, 'firefox', group),
        smi('split', 'v1alpha4', 'TrafficSplit', namespace, 'split', { spec }),
      );
      await eventually(async () => expect(await shares(50, { 'user-agent': 'x Firefox/1' })).toEqual([0, 50]));
      await eventually(async () => expect(Math.min(...(await shares()))).toBeGreaterThan(0));
    });

    test('TrafficMetrics count the requests that were sent, those that failed, and how long they took', async () => {
      const [from, to] = ['meter-a', 'meter-b'];
      await mesh.apply(conformanceApp(namespace, from), conformanceApp(namespace, to));
      await eventually(async () => {
        for (const name of [from, to]) expect((await mesh.workload(name, namespace)).health).toBe('healthy');
      }, 60_000);
      const base = '/apis/metrics.smi-spec.io/v1alpha1';
      const get = async <T>(path: string): Promise<T> => {
        const { status, body } = await mesh.request('GET', `${base}${path}`);
        if (status !== 200) throw new Error(body);
        return JSON.parse(body) as T;
      };
      expect(await app().call(from, to, { count: 40 })).toEqual({ 200: 40 });
      expect(await app().call(from, to, { path: '/echo?status=503', count: 3 })).toEqual({ 503: 3 });
      const value = ({ metrics }: TrafficMetrics, name: string) => metrics.find((one) => one.name === name)?.value;
      const inside = `/namespaces/${namespace}`;
      // Latencies come up to five seconds after their requests, which are in the window for half a minute.
      const measured = await eventually(async () => {
        const found = await get<TrafficMetrics>(`${inside}/deployments/${to}`);
        expect(value(found, 'p99_response_latency')).toMatch(/^\d+(m|n)?$/);
        return found;
      }, 10_000);
      expect(value(measured, 'success_count')).toBe('40');
      // Sidecars try a 503 again, so that more arrive than were sent.
      expect(Number(value(measured, 'failure_count'))).toBeGreaterThanOrEqual(3);
      const { items } = await get<TrafficMetricsList>(`${inside}/services/${from}/edges`);
      const edge = items.find((one) => one.edge.resource.name === to);
      expect(edge?.edge).toMatchObject({ direction: 'to', side: 'client' });
      expect(edge === undefined ? undefined : value(edge, 'success_count')).toBe('40');
      const pods = await get<TrafficMetricsList>(`${inside}/pods?labelSelector=app%3D${to}`);
      expect(pods.items.map((one) => value(one, 'success_count'))).toEqual(['40']);
      expect((await get<TrafficMetricsList>('/namespaces')).items.map(({ resource }) => resource.name)).toContain(
        namespace,
      );
      const backends = await get<TrafficMetricsList>(`${inside}/trafficsplits/split`);
      expect(backends.items.map(({ backend }) => [backend?.name, backend?.weight])).toEqual([
        [b, 0],
        [c, 100],
      ]);
    });
  });
});
