import type { AuthorizationPolicyPlan } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, test } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { service, sidecar, workload } from '../testing/resources.ts';
import { httpRouteGroup, smi, tcpRoute, trafficTarget } from '../testing/smi.ts';

const ALL = [{ kind: 'TCPRoute', name: 'all' }];

function namespace(name: string, access?: string): Resource {
  const labels = access === undefined ? {} : { 'meshwise.dev/traffic-access': access };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** What SMI allows at a workload that runs as an account; undefined when it says nothing. */
function allowed(mesh: TestMesh, account: string): readonly AuthorizationPolicyPlan[] | undefined {
  const proxy = sidecar({ ...workload(`${account}-1`, { app: account }), serviceAccount: account });
  mesh.model.setProxy(proxy);
  const [plan] = mesh.model.inbound(proxy.id);
  return plan?.security?.authorization?.allow[0];
}

/** Every condition in one word each, rule by rule. */
function words(mesh: TestMesh, account: string): readonly string[] | undefined {
  return allowed(mesh, account)?.flatMap(({ rules }) =>
    rules.map(({ from, to, when }) =>
      [...from.flat(), ...to.flat(), ...when]
        .map((one) => {
          const values = one.anyOf.map((value) => (typeof value === 'object' ? Object.values(value).join() : value));
          return `${one.of === 'header' ? one.name : one.of}=${values.join('|')}`;
        })
        .join(' '),
    ),
  );
}

describe('access control by SMI (000-43)', () => {
  test('without a TrafficTarget or a label, SMI says nothing of a workload', () => {
    expect(allowed(new TestMesh(namespace('default')), 'b')).toBeUndefined();
  });

  test('TrafficTarget destination and sources allow identities, and refuse all others from then on', () => {
    const target = trafficTarget('a-to-b', 'b', ['a', 'shop/c'], ALL);
    const mesh = new TestMesh(target, tcpRoute('all'));
    const principals = 'cluster.local/ns/default/sa/a|cluster.local/ns/shop/sa/c';
    expect(words(mesh, 'b')).toEqual([`principal=${principals}`]);
    expect(allowed(mesh, 'b')?.[0]?.name).toBe('TrafficTarget default/a-to-b');
    // Other accounts are nobody's destination.
    expect(allowed(mesh, 'c')).toBeUndefined();
    expect(allowed(mesh.delete(target), 'b')).toBeUndefined();
  });

  test('the label of a namespace denies by default, that of the root namespace for the mesh, and the nearer one wins', () => {
    const mesh = new TestMesh(namespace('default', 'deny'));
    const denial = [{ name: 'Namespace default', rules: [], origin: expect.anything() }];
    expect(allowed(mesh, 'b')).toEqual(denial);
    expect(allowed(mesh, 'b')?.[0]?.origin.resource).toMatchObject({ kind: 'Namespace', name: 'default' });
    mesh.apply(trafficTarget('a-to-b', 'b', ['a'], ALL), tcpRoute('all'));
    expect(words(mesh, 'b')).toEqual(['principal=cluster.local/ns/default/sa/a']);
    expect(allowed(mesh, 'c')).toEqual(denial);
    mesh.apply(namespace('default'), namespace('istio-system', 'deny'));
    expect(allowed(mesh, 'c')?.[0]?.name).toBe('Namespace istio-system');
    mesh.apply(namespace('default', 'allow'));
    expect(allowed(mesh, 'c')).toBeUndefined();
    expect(allowed(mesh, 'b')).toHaveLength(1);
  });

  test('a label that says something else has no effect, and it is said so', () => {
    const odd = namespace('default', 'block');
    const mesh = new TestMesh(odd);
    expect(allowed(mesh, 'b')).toBeUndefined();
    expect(mesh.remarks(odd)).toEqual([
      'invalid: metadata.labels["meshwise.dev/traffic-access"]: block is neither deny nor allow, and has no effect',
    ]);
  });

  test('TrafficTarget rules.matches narrow to matches of an HTTPRouteGroup; absent, all of them count', () => {
    const group = httpRouteGroup(
      'routes',
      { name: 'metrics', pathRegex: '/metrics', methods: ['GET', 'HEAD'] },
      { name: 'beta', pathRegex: '^/b|/c', headers: { 'X-Group': 'beta' } },
      { name: 'everything' },
    );
    const rule = (matches?: readonly string[]) => [
      { kind: 'HTTPRouteGroup', name: 'routes', ...(matches && { matches }) },
    ];
    const mesh = new TestMesh(group, trafficTarget('t', 'b', ['a'], rule(['metrics'])));
    const [a, metrics] = ['principal=cluster.local/ns/default/sa/a', 'path=(?:/metrics).* method=GET|HEAD'];
    expect(words(mesh, 'b')).toEqual([`${a} ${metrics}`]);
    mesh.apply(trafficTarget('t', 'b', ['a'], rule()));
    // What takes every request has a condition all the same: bytes are none.
    expect(words(mesh, 'b')).toEqual([`${a} ${metrics} path=(?:/b|/c).* x-group=beta method=true`]);
    expect(allowed(mesh, 'b')?.[0]?.rules[0]?.to).toHaveLength(3);
    const lost = trafficTarget('t', 'b', ['a'], rule(['metric']));
    expect(words(mesh.apply(lost), 'b')).toEqual([]);
    expect(mesh.remarks(lost)).toContain('invalid: spec.rules[0]: HTTPRouteGroup default/routes has no match metric');
  });

  test('TrafficTarget destination.port and TCPRoute matches.ports both have to hold', () => {
    const spec = {
      destination: { kind: 'ServiceAccount', name: 'b', port: 8080 },
      sources: [{ kind: 'ServiceAccount', name: 'a' }],
      rules: ALL,
    };
    const mesh = new TestMesh(smi('TrafficTarget/v1alpha2', 't', { spec }), tcpRoute('all', 8080, 9090));
    const a = 'principal=cluster.local/ns/default/sa/a';
    expect(words(mesh, 'b')).toEqual([`${a} destination-port=8080 destination-port=8080|9090`]);
    mesh.apply(tcpRoute('all'));
    expect(words(mesh, 'b')).toEqual([`${a} destination-port=8080`]);
  });

  test('TCPRoute (SMI) matches.ports are those of a Service, and where the workloads of the destination listen for them', () => {
    const ready = { status: { podIP: '10.244.0.7', conditions: [{ type: 'Ready', status: 'True' }] } };
    const runs = (name: string, account: string): Resource => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'default', name, labels: { app: name } },
      spec: { serviceAccountName: account, containers: [{ ports: [{ name: 'db', containerPort: 3307 }] }] },
      ...ready,
    });
    const named = service('mine', [{ name: 'tcp', port: 80, targetPort: 'db' }]);
    const foreign = service('other', [{ name: 'tcp', port: 80, targetPort: 9999 }]);
    const mesh = new TestMesh(runs('mine', 'b'), runs('other', 'c'), named, foreign, tcpRoute('all', 80));
    mesh.apply(trafficTarget('t', 'b', ['a'], ALL));
    expect(words(mesh, 'b')).toEqual(['principal=cluster.local/ns/default/sa/a destination-port=80|3307']);
  });

  test('TrafficTarget rules for an HTTPRouteGroup and a TCPRoute are rules of their own, so that bytes may pass by the one', () => {
    const rules = [{ kind: 'HTTPRouteGroup', name: 'routes' }, ...ALL];
    const group = httpRouteGroup('routes', { name: 'api', pathRegex: '/api' });
    const mesh = new TestMesh(group, tcpRoute('all', 3306), trafficTarget('t', 'b', ['a'], rules));
    const a = 'principal=cluster.local/ns/default/sa/a';
    expect(words(mesh, 'b')).toEqual([`${a} path=(?:/api).*`, `${a} destination-port=3306`]);
  });

  test('what refers to nothing, names nobody or is UDP allows nothing, and never everything', () => {
    const udp = smi('UDPRoute/v1alpha4', 'dns', { spec: { matches: { ports: [53] } } });
    const nothing = [
      trafficTarget('t', 'b', ['a'], [{ kind: 'HTTPRouteGroup', name: 'gone' }]),
      trafficTarget('t', 'b', ['a'], [{ kind: 'UDPRoute', name: 'dns' }]),
      trafficTarget('t', 'b', [], ALL),
      trafficTarget('t', 'b', ['a'], []),
    ];
    for (const target of nothing) {
      const mesh = new TestMesh(udp, tcpRoute('all'), target);
      expect(allowed(mesh, 'b')).toMatchObject([{ rules: [] }]);
      expect(mesh.remarks(target).filter((remark) => !remark.startsWith('info'))).toHaveLength(1);
    }
  });

  test('an AuthorizationPolicy and a TrafficTarget are sets of their own, both of which have to allow', () => {
    const policy: Resource = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { namespace: 'default', name: 'get' },
      spec: { rules: [{ to: [{ operation: { methods: ['GET'] } }] }] },
    };
    const mesh = new TestMesh(policy, tcpRoute('all'), trafficTarget('t', 'b', ['a'], ALL));
    allowed(mesh, 'b');
    const [proxy] = mesh.model.proxies();
    const sets = mesh.model.inbound(proxy?.id ?? '')[0]?.security?.authorization?.allow;
    expect(sets?.map((set) => set.map(({ name }) => name))).toEqual([['default/get'], ['TrafficTarget default/t']]);
  });

  test('who cannot be guarded, or cannot show who it is, is remarked on', () => {
    const target = trafficTarget('t', 'b', ['a', 'c'], ALL);
    const mesh = new TestMesh(tcpRoute('all'), target);
    const node = (name: string) => ({ ...workload(name, {}), serviceAccount: name });
    mesh.model.setProxy({
      id: 'node',
      role: 'node',
      namespace: 'istio-system',
      labels: {},
      workloads: [node('b'), node('a')],
    });
    expect(mesh.remarks(target)).toEqual([
      'unsupported: spec.destination: workloads outside the mesh run as default/b, and nothing guards them',
      'invalid: spec.sources[0]: workloads outside the mesh run as default/a: they cannot show who they are, and are refused',
      'info: spec.sources[1]: no workload runs as default/c',
    ]);
  });
});
