import { expect, test } from 'vitest';
import { findKindByName } from '../kinds/registry.ts';
import type { Resource } from '../resource.ts';
import { validateResource } from './validate-resource.ts';

const problems = (apiVersion: string, kind: string, spec: object) => {
  const resource: Resource = { apiVersion, kind, metadata: { namespace: 'default', name: 'a' }, spec };
  const parsed = { resource, source: { file: 'a.yaml', line: 1, column: 1 }, locate: () => ({ line: 1, column: 1 }) };
  return validateResource(parsed).map(({ severity, field }) => `${severity} ${field}`);
};
const telemetry = (spec: object) => problems('telemetry.istio.io/v1', 'Telemetry', spec);

test('Telemetry of Istio’s documentation is valid in both versions', () => {
  const spec = {
    selector: { matchLabels: { app: 'reviews' } },
    accessLogging: [{ providers: [{ name: 'envoy' }], filter: { expression: 'response.code >= 400' } }],
    tracing: [{ randomSamplingPercentage: 10, customTags: { a: { header: { name: 'x-a' } } } }],
    metrics: [
      { providers: [{ name: 'prometheus' }], overrides: [{ match: { metric: 'REQUEST_COUNT' }, disabled: true }] },
    ],
  };
  expect(telemetry(spec)).toEqual([]);
  expect(problems('telemetry.istio.io/v1alpha1', 'Telemetry', spec)).toEqual([]);
});

test('Telemetry with a mode, a share or a tag that does not exist is refused by its field', () => {
  expect(telemetry({ accessLogging: [{ match: { mode: 'ALL' } }] })).toEqual([
    'error spec.accessLogging[0].match.mode',
  ]);
  expect(telemetry({ tracing: [{ randomSamplingPercentage: 101 }] })).toEqual([
    'error spec.tracing[0].randomSamplingPercentage',
  ]);
  expect(telemetry({ tracing: [{ customTags: { a: {} } }] })).toEqual(['error spec.tracing[0].customTags.a']);
});

test('ProxyConfig has one version and counts threads', () => {
  const spec = { concurrency: 2, environmentVariables: { A: 'b' }, selector: { matchLabels: { app: 'a' } } };
  expect(problems('networking.istio.io/v1beta1', 'ProxyConfig', spec)).toEqual([]);
  expect(problems('networking.istio.io/v1beta1', 'ProxyConfig', { concurrency: -1 })).toEqual([
    'error spec.concurrency',
  ]);
  expect(findKindByName('proxyconfig')?.versions).toEqual(['v1beta1']);
  expect(findKindByName('telemetry')?.plural).toBe('telemetries');
});
