import { describe, expect, it } from 'vitest';
import { readRouting, readRule, TO_REVIEWS } from '../../testing/read-rule.ts';
import { virtualService } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

describe('VirtualService', () => {
  it('VirtualService hosts, gateways and exportTo are kept as written', () => {
    const spec = { hosts: ['reviews', '*.example.com'], gateways: ['mesh', 'shop/web'], exportTo: ['.'] };
    const { routing, fields } = readRouting(spec);
    expect(routing).toMatchObject({ ...spec, rules: [] });
    expect(fields).toEqual([]);
  });

  it('VirtualService without hosts is there for others to delegate to, and has no use for gateways', () => {
    const { routing, fields } = readRouting({ gateways: ['web'], http: [{ route: TO_REVIEWS }] });
    expect(routing).toMatchObject({ hosts: [], rules: [{ action: { kind: 'forward' } }] });
    expect(fields).toEqual(['invalid spec.gateways']);
  });

  it('leaves unset what is unset', () => {
    expect(readRule({ route: TO_REVIEWS }).rule).toEqual({
      matches: [],
      action: { kind: 'forward', destinations: [{ host: 'reviews', weight: 0, origin: expect.anything() }] },
      origin: { resource: expect.anything(), field: 'spec.http[0]' },
    });
  });

  it('leaves out rules that do nothing, and reports fields that nobody knows', () => {
    expect(readRule({})).toMatchObject({ rule: undefined, fields: ['invalid spec.http[0]'] });
    const unknown = readRule({ route: TO_REVIEWS, tee: {} });
    expect(unknown.rule?.action.kind).toBe('forward');
    expect(unknown.fields).toEqual(['unsupported tee']);
  });

  it.each(['v1', 'v1beta1', 'v1alpha3'])('is read in version networking.istio.io/%s', (version) => {
    const apiVersion = `networking.istio.io/${version}`;
    expect(istioMesh.read({ ...virtualService('a', { hosts: ['a'] }), apiVersion })?.items).toHaveLength(1);
  });

  it('reports versions it does not know, and an object without spec', () => {
    const unknown = { ...virtualService('a', {}), apiVersion: 'networking.istio.io/v2' };
    expect(istioMesh.read(unknown)).toMatchObject({ items: [], residues: [{ severity: 'unsupported' }] });
    const { spec: _, ...bare } = virtualService('a', {});
    expect(istioMesh.read(bare)).toMatchObject({ items: [], residues: [{ severity: 'invalid' }] });
  });
});

describe('VirtualService http.delegate', () => {
  it('VirtualService http.delegate.name and namespace name another one; what the rule says is inherited', () => {
    const { rule, fields } = readRule({
      match: [{ uri: { prefix: '/a' } }],
      delegate: { name: 'b', namespace: 'shop' },
      timeout: '2s',
      rewrite: { uri: '/' },
    });
    expect(rule?.action).toEqual({
      kind: 'delegate',
      name: 'b',
      namespace: 'shop',
      inherited: { timeoutMs: 2000, rewrite: { path: '/' } },
    });
    expect(fields).toEqual([]);
  });

  it('reports what has no effect beside it', () => {
    expect(readRule({ delegate: { name: 'b' }, route: TO_REVIEWS }).fields).toEqual(['invalid route']);
    expect(readRule({ delegate: {} })).toMatchObject({ rule: undefined, fields: ['invalid delegate.name'] });
  });
});
