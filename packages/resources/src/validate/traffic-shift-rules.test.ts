import { describe, expect, test } from 'vitest';
import { parseResources } from '../parse.ts';
import { validateResource } from './validate-resource.ts';

const VERSIONS = [
  { name: 'v1', host: 'reviews', subset: 'v1' },
  { name: 'v3', host: 'reviews', subset: 'v3' },
];

function fieldsOf(change: object): readonly (string | undefined)[] {
  const spec = {
    targetRef: { kind: 'VirtualService', name: 'reviews' },
    versions: VERSIONS,
    steps: [{ weights: { v1: 90, v3: 10 }, hold: '30s', gate: { minRequests: 20, successRate: 99.5, p99: '250ms' } }],
    ...change,
  };
  const text = JSON.stringify({
    apiVersion: 'meshwise.dev/v1alpha1',
    kind: 'TrafficShift',
    metadata: { name: 's' },
    spec,
  });
  return parseResources(text, { file: 'a.yaml' }).resources.flatMap((one) =>
    validateResource(one).map(({ field }) => field),
  );
}

describe('a TrafficShift', () => {
  test('is accepted when it says where each percent goes', () => {
    expect(fieldsOf({})).toEqual([]);
    expect(fieldsOf({ steps: [{ weights: { v3: 100 } }] })).toEqual([]);
    expect(fieldsOf({ testers: { version: 'v3', cookie: { name: 'group', value: 'beta' } } })).toEqual([]);
  });

  test('TrafficShift targetRef.group and kind are those of a VirtualService', () => {
    const at = (targetRef: object) => fieldsOf({ targetRef: { name: 'reviews', ...targetRef } });
    expect(at({ group: 'networking.istio.io', kind: 'VirtualService' })).toEqual([]);
    expect(at({ group: 'apps', kind: 'VirtualService' })).toEqual(['spec.targetRef.group']);
    expect(at({ kind: 'Service' })).toEqual(['spec.targetRef.kind']);
  });

  test.each<[string, object, string]>([
    ['weights below 100', { steps: [{ weights: { v1: 90, v3: 9 } }] }, 'spec.steps[0].weights'],
    ['weights above 100', { steps: [{ weights: { v1: 90, v3: 11 } }] }, 'spec.steps[0].weights'],
    ['a version that is not there', { steps: [{ weights: { v2: 100 } }] }, 'spec.steps[0].weights.v2'],
    ['two versions of one name', { versions: [...VERSIONS, VERSIONS[0]] }, 'spec.versions[2]'],
    ['testers whom nothing tells apart', { testers: { version: 'v3', headers: {} } }, 'spec.testers'],
    ['testers of no version', { testers: { version: 'v9', headers: { a: { exact: 'b' } } } }, 'spec.testers.version'],
    ['a mirror of no version', { mirror: { version: 'v9', percent: 10 } }, 'spec.mirror.version'],
    ['one version', { versions: VERSIONS.slice(0, 1), steps: [{ weights: { v1: 100 } }] }, 'spec.versions'],
    ['a gate in words', { steps: [{ weights: { v3: 100 }, gate: { p99: 'fast' } }] }, 'spec.steps[0].gate.p99'],
    ['another kind of target', { targetRef: { kind: 'HTTPRoute', name: 'a' } }, 'spec.targetRef.kind'],
  ])('is refused for %s, at the field', (_what, change, field) => {
    expect(fieldsOf(change)).toEqual([field]);
  });
});
