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
    expect(headings('gateway.networking.k8s.io/v1')).toEqual(['AGE']);
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
