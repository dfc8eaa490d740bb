import type { ProxySettingsItem, TelemetryItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { proxyConfig, telemetry } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

function read<Item>(resource: Resource) {
  const { items = [], residues = [] } = istioMesh.read(resource) ?? {};
  const fields = residues.map(({ severity, origin }) => `${severity} ${origin.field?.replace('spec.', '')}`);
  return { item: items[0] as Item | undefined, fields };
}
const readSpec = (spec: object) => read<TelemetryItem>(telemetry('a', spec));

describe('Telemetry', () => {
  it('Telemetry selector chooses workloads; without, it is for the namespace', () => {
    expect(readSpec({ selector: { matchLabels: { app: 'x' } } })).toMatchObject({
      item: { selector: { app: 'x' } },
      fields: [],
    });
    expect(readSpec({}).item).not.toHaveProperty('selector');
  });

  it('Telemetry targetRefs are not followed, and nothing else of it holds', () => {
    const result = readSpec({ targetRefs: [{ kind: 'Gateway', name: 'a' }], accessLogging: [{}] });
    expect(result).toEqual({ item: undefined, fields: ['unsupported targetRefs'] });
  });

  it.each<[string, object, object]>([
    ['match.mode', { match: { mode: 'SERVER' } }, { mode: 'server' }],
    ['match.mode', { match: { mode: 'CLIENT' } }, { mode: 'client' }],
    ['match.mode', {}, { mode: 'client-and-server' }],
    ['providers', { providers: [{ name: 'envoy' }] }, { providers: ['envoy'] }],
    ['disabled', { disabled: true }, { disabled: true }],
    ['filter.expression', { filter: { expression: 'response.code >= 400' } }, { filter: 'response.code >= 400' }],
  ])('Telemetry accessLogging.%s is read: %j', (_, entry, expected) => {
    const { item, fields } = readSpec({ accessLogging: [entry] });
    expect(fields).toEqual([]);
    expect(item?.accessLogging).toMatchObject([{ mode: 'client-and-server', providers: [], ...expected }]);
  });

  it('Telemetry accessLogging.filter.expression that is none logs nothing, and says so', () => {
    const { item, fields } = readSpec({ accessLogging: [{ filter: { expression: 'response.code >' } }] });
    expect(item).not.toHaveProperty('accessLogging');
    expect(fields).toEqual(['invalid accessLogging[0].filter.expression']);
  });

  it.each<[string, object, object]>([
    ['match.mode', { match: { mode: 'SERVER' } }, { mode: 'server' }],
    ['providers', { providers: [{ name: 'otel' }] }, { providers: ['otel'] }],
    ['randomSamplingPercentage', { randomSamplingPercentage: 12.5 }, { randomSamplingPercentage: 12.5 }],
    ['disableSpanReporting', { disableSpanReporting: true }, { disableSpanReporting: true }],
    ['customTags.literal', { customTags: { a: { literal: { value: 'x' } } } }, { tags: [{ name: 'a', literal: 'x' }] }],
    [
      'customTags.header',
      { customTags: { a: { header: { name: 'x-a', defaultValue: 'd' } } } },
      { tags: [{ name: 'a', header: 'x-a', defaultValue: 'd' }] },
    ],
    [
      'customTags.environment',
      { customTags: { a: { environment: { name: 'HOME', defaultValue: '/' } } } },
      { tags: [{ name: 'a', environment: 'HOME', defaultValue: '/' }] },
    ],
  ])('Telemetry tracing.%s is read: %j', (_, entry, expected) => {
    const { item, fields } = readSpec({ tracing: [entry] });
    expect(fields).toEqual([]);
    expect(item?.tracing).toMatchObject([{ mode: 'client-and-server', providers: [], ...expected }]);
  });

  it.each([
    ['useRequestIdForTraceSampling', true],
    ['enableIstioTags', false],
  ])('Telemetry tracing.%s %j is what is done anyway', (field, value) => {
    const { item, fields } = readSpec({ tracing: [{ [field]: value }] });
    expect(item?.tracing).toHaveLength(1);
    expect(fields).toEqual([]);
  });

  it('Telemetry metrics.providers prometheus is always supplied', () => {
    expect(readSpec({ metrics: [{ providers: [{ name: 'prometheus' }] }] }).fields).toEqual([]);
  });

  it.each([
    [{ accessLogging: [{ match: { mode: 'ALL' } }] }, 'invalid accessLogging[0].match.mode'],
    [{ tracing: [{ randomSamplingPercentage: 200 }] }, 'invalid tracing[0].randomSamplingPercentage'],
    [{ tracing: [{ customTags: { a: { header: { name: 'a b' } } } }] }, 'invalid tracing[0].customTags.a'],
    [{ tracing: [{ useRequestIdForTraceSampling: false }] }, 'unsupported tracing[0].useRequestIdForTraceSampling'],
    [{ tracing: [{ enableIstioTags: true }] }, 'unsupported tracing[0].enableIstioTags'],
    [{ metrics: [{ overrides: [{ disabled: true }] }] }, 'unsupported metrics[0].overrides'],
    [{ metrics: [{ reportingInterval: '5s' }] }, 'unsupported metrics[0].reportingInterval'],
    [{ metrics: [{ providers: [{ name: 'stackdriver' }] }] }, 'unsupported metrics[0].providers'],
    [{ other: {} }, 'unsupported other'],
  ])('reports %j', (spec, field) => {
    expect(readSpec(spec).fields).toEqual([field]);
  });
});

describe('ProxyConfig', () => {
  const config = (spec: object) => read<ProxySettingsItem>(proxyConfig('a', spec));

  it('ProxyConfig selector, concurrency and environmentVariables are read', () => {
    const spec = { selector: { matchLabels: { app: 'x' } }, concurrency: 4, environmentVariables: { A: 'b' } };
    expect(config(spec)).toMatchObject({
      item: { selector: { app: 'x' }, concurrency: 4, environment: { A: 'b' } },
      fields: [],
    });
    expect(config({ concurrency: 0 })).toMatchObject({ item: { concurrency: 0, environment: {} }, fields: [] });
  });

  it('ProxyConfig image is reported', () => {
    expect(config({ image: { imageType: 'distroless' } }).fields).toEqual(['unsupported image']);
    const loaded = { environmentVariables: { LD_PRELOAD: '/x', A: 'b' } };
    expect(config(loaded)).toMatchObject({
      item: { environment: { A: 'b' } },
      fields: ['unsupported environmentVariables'],
    });
    expect(config({ concurrency: -1 })).toMatchObject({ fields: ['invalid concurrency'] });
  });
});
