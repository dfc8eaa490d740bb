import { KNOWN_KINDS } from '@meshwise/resources';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf } from './columns-of.ts';
import { podState } from './pod.ts';

const cells = (apiVersion: string, kind: string, body: Record<string, unknown>) =>
  Object.fromEntries(columnsOf(apiVersion, kind, false).map(({ heading, cell }) => [heading, cell(body, 0)]));

describe('the columns of a kind', () => {
  test('of a Service', () => {
    const spec = {
      clusterIP: '192.0.2.1',
      ports: [
        { port: 80, nodePort: 30_080 },
        { port: 53, protocol: 'UDP' },
      ],
    };
    expect(cells('v1', 'Service', { spec })).toMatchObject({
      TYPE: 'ClusterIP',
      'CLUSTER-IP': '192.0.2.1',
      'PORT(S)': '80:30080/TCP,53/UDP',
    });
  });

  test('of a Deployment that has not begun', () => {
    expect(cells('apps/v1', 'Deployment', { spec: {} })).toMatchObject({ READY: '0/1', 'UP-TO-DATE': 0, AVAILABLE: 0 });
  });

  test('of an EndpointSlice, whose endpoints that are not ready are said so', () => {
    const endpoints = [
      { addresses: ['192.0.2.1'], conditions: { ready: true } },
      { addresses: ['192.0.2.2'], conditions: { ready: false } },
    ];
    expect(cells('discovery.k8s.io/v1', 'EndpointSlice', { endpoints, ports: [{ port: 9080 }] })).toMatchObject({
      ENDPOINTS: '192.0.2.1,192.0.2.2(not ready)',
      PORTS: '9080',
    });
  });

  test('of a Secret count its values and never show them', () => {
    const row = cells('v1', 'Secret', { type: 'Opaque', data: { password: 'aHVudGVyMg==' } });
    expect(row).toMatchObject({ DATA: 1 });
    expect(JSON.stringify(row)).not.toContain('aHVudGVyMg');
  });

  test('of Istio kinds are not those of another group with the same name', () => {
    const headings = (apiVersion: string) => columnsOf(apiVersion, 'Gateway', false).map(({ heading }) => heading);
    expect(headings('networking.istio.io/v1')).toEqual(['HOSTS', 'PORTS', 'AGE']);
    expect(headings('gateway.networking.k8s.io/v1')).toEqual(['CLASS', 'ADDRESS', 'PROGRAMMED', 'AGE']);
    expect(headings('example.com/v1')).toEqual(['AGE']);
  });

  test('of Gateway API kinds say to whom they belong and what became of them', () => {
    const version = 'gateway.networking.k8s.io/v1';
    const conditions = [
      { type: 'Accepted', status: 'True' },
      { type: 'Programmed', status: 'False' },
    ];
    const status = { addresses: [{ value: '127.0.0.1' }], conditions };
    expect(cells(version, 'GatewayClass', { spec: { controllerName: 'a.b/c' }, status })).toMatchObject({
      CONTROLLER: 'a.b/c',
      ACCEPTED: 'True',
    });
    expect(cells(version, 'Gateway', { spec: { gatewayClassName: 'meshwise' }, status })).toMatchObject({
      CLASS: 'meshwise',
      ADDRESS: '127.0.0.1',
      PROGRAMMED: 'False',
    });
    const parentRefs = [{ name: 'edge' }, { kind: 'Service', name: 'web' }];
    const route = { spec: { hostnames: ['a.example', 'b.example'], parentRefs } };
    expect(cells(version, 'HTTPRoute', route)).toMatchObject({
      HOSTNAMES: 'a.example,b.example',
      PARENTS: 'gateway/edge,service/web',
    });
    const spec = {
      from: [{ kind: 'HTTPRoute', namespace: 'shop' }],
      to: [{ kind: 'Service' }, { kind: 'Secret', name: 'x' }],
    };
    expect(cells(version, 'ReferenceGrant', { spec })).toMatchObject({
      FROM: 'HTTPRoute/shop',
      TO: 'Service,Secret/x',
    });
    const policy = { spec: { targetRefs: [{ name: 'web' }], validation: { hostname: 'a.example' } } };
    expect(cells(version, 'BackendTLSPolicy', policy)).toMatchObject({ TARGETS: 'web', HOSTNAME: 'a.example' });
  });

  test('of policies of security say what they do, and to whom', () => {
    const target = { kind: 'Gateway', name: 'gw' };
    const matchLabels = { app: 'a' };
    expect(
      cells('security.istio.io/v1', 'AuthorizationPolicy', { spec: { targetRefs: [target], rules: [{}] } }),
    ).toMatchObject({
      ACTION: 'ALLOW',
      SELECTOR: null,
      TARGETS: 'Gateway/gw',
      RULES: 1,
    });
    const spec = { selector: { matchLabels }, jwtRules: [{ issuer: 'https://a' }, { issuer: 'https://b' }] };
    expect(cells('security.istio.io/v1', 'RequestAuthentication', { spec })).toMatchObject({
      SELECTOR: 'app=a',
      TARGETS: null,
      ISSUERS: 'https://a,https://b',
    });
  });

  test('of a TrafficShift show the weight that is set beside the share that is seen', () => {
    const versions = [
      { name: 'v1', setWeight: 90, observedWeight: 88.44 },
      { name: 'v3', setWeight: 10 },
    ];
    const spec = { targetRef: { name: 'reviews' }, steps: [{}, {}, {}] };
    expect(
      cells('meshwise.dev/v1alpha1', 'TrafficShift', { spec, status: { phase: 'Holding', step: 0, versions } }),
    ).toMatchObject({
      TARGET: 'reviews',
      PHASE: 'Holding',
      STEP: '1/3',
      WEIGHTS: 'v1:90→88.4,v3:10',
    });
    expect(cells('meshwise.dev/v1alpha1', 'TrafficShift', { spec })).toMatchObject({ PHASE: 'Pending', STEP: '0/3' });
  });

  test('of SMI kinds are the same in versions with and without a spec', () => {
    const target = { destination: { name: 'b' }, sources: [{ name: 'a', namespace: 'x' }] };
    const rules = [{ kind: 'TCPRoute', name: 'all' }];
    const row = { DESTINATION: 'b', SOURCES: 'x/a', RULES: 'TCPRoute/all' };
    const kind = 'TrafficTarget';
    expect(cells('access.smi-spec.io/v1alpha1', kind, { ...target, specs: rules })).toMatchObject(row);
    expect(cells('access.smi-spec.io/v1alpha3', kind, { spec: { ...target, rules } })).toMatchObject(row);
    const split = { service: 'web', backends: [{ service: 'web-v1', weight: '500m' }, { service: 'web-v2' }] };
    expect(cells('split.smi-spec.io/v1alpha1', 'TrafficSplit', { spec: split })).toMatchObject({
      SERVICE: 'web',
      BACKENDS: 'web-v1:500m,web-v2:-',
    });
    expect(cells('specs.smi-spec.io/v1alpha1', 'TCPRoute', {})).toMatchObject({ PORTS: 'all' });
  });

  test('stand any object: what comes from a store may have any shape', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KNOWN_KINDS),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        (kind, body, spec) => {
          const apiVersion = kind.group === '' ? 'v1' : `${kind.group}/${kind.versions[0]}`;
          for (const column of columnsOf(apiVersion, kind.kind, true)) column.cell({ ...body, spec, status: spec }, 0);
        },
      ),
    );
  });
});

describe('the state of a pod', () => {
  const withStatus = (state: unknown) => podState({ status: { phase: 'Pending', containerStatuses: [{ state }] } });

  test('is why a container waits, before the phase', () => {
    expect(withStatus({ waiting: { reason: 'ErrImagePull' } })).toBe('ErrImagePull');
    expect(withStatus({ terminated: { exitCode: 3 } })).toBe('ExitCode:3');
    expect(withStatus({ running: {} })).toBe('Pending');
  });

  test('is Terminating once deletion has begun', () => {
    expect(podState({ metadata: { deletionTimestamp: '2026-01-02T12:00:00Z' }, status: { phase: 'Running' } })).toBe(
      'Terminating',
    );
  });
});
