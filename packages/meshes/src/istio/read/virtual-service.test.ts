import type { HttpRule, Residue } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { virtualService } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

const route = [{ destination: { host: 'reviews' } }];

function read(rule: object): {
  readonly rule: HttpRule | undefined;
  readonly residues: readonly Residue[];
  readonly fields: unknown;
} {
  const fragment = istioMesh.read(virtualService('a', { hosts: ['reviews'], http: [rule] }));
  const item = fragment?.items[0];
  const residues = fragment?.residues ?? [];
  return {
    rule: item?.kind === 'routing' ? item.rules[0] : undefined,
    residues,
    fields: residues.map(({ severity, origin }) => `${severity} ${origin.field?.replace('spec.http[0].', '')}`),
  };
}

describe('VirtualService matches', () => {
  it.each([
    [{ uri: { exact: '/a' } }, { path: { exact: '/a' } }],
    [{ uri: { prefix: '/a' }, ignoreUriCase: true }, { path: { prefix: '/a', ignoreCase: true } }],
    [{ uri: { regex: '/a.*' }, ignoreUriCase: true }, { path: { regex: '/a.*' } }],
    [
      { method: { exact: 'GET' }, authority: { prefix: 'a' }, scheme: { exact: 'http' } },
      { method: { exact: 'GET' }, authority: { prefix: 'a' }, scheme: { exact: 'http' } },
    ],
    [
      { headers: { cookie: { regex: '.*x.*' }, 'x-any': {} } },
      {
        headers: [
          { name: 'cookie', match: { regex: '.*x.*' } },
          { name: 'x-any', match: { present: true } },
        ],
      },
    ],
    [
      { withoutHeaders: { 'x-a': { exact: '1' } } },
      { headers: [{ name: 'x-a', match: { exact: '1' }, invert: true }] },
    ],
    [
      { queryParams: { v: { exact: '2' }, w: {} } },
      {
        queryParameters: [
          { name: 'v', match: { exact: '2' } },
          { name: 'w', match: { present: true } },
        ],
      },
    ],
  ])('reads %j', (match, expected) => {
    const { rule, residues } = read({ match: [match], route });
    expect(rule?.matches[0]?.http).toEqual({ headers: [], queryParameters: [], ...expected });
    expect(residues).toEqual([]);
  });

  it('reads who asks where', () => {
    const match = { port: 80, gateways: ['mesh'], sourceLabels: { app: 'a' }, sourceNamespace: 'shop', name: 'm' };
    expect(read({ match: [match], route }).rule?.matches[0]).toMatchObject(match);
  });

  it('drops an alternative with a condition it cannot enforce, never the condition', () => {
    const { rule, fields } = read({
      match: [{ uri: { suffix: '/a' } }, { uri: { exact: '/b' } }, { body: {} }],
      route,
    });
    expect(rule?.matches.map(({ http }) => http.path)).toEqual([{ exact: '/b' }]);
    expect(fields).toEqual(['unsupported match[0].uri.suffix', 'unsupported match[2].body']);
  });

  it.each([{ uri: 'x' }, { uri: { exact: 1 } }, { headers: { a: { contains: 'x' } } }, { queryParams: { a: 3 } }])(
    'drops the rule when its only alternative %j is refused, instead of matching everything',
    (match) => {
      const { rule, residues } = read({ match: [match], route });
      expect(rule).toBeUndefined();
      expect(residues).not.toEqual([]);
    },
  );
});

describe('VirtualService actions', () => {
  it('reads destinations with weights, subsets and ports', () => {
    const { rule } = read({
      route: [
        { destination: { host: 'a', subset: 'v1', port: { number: 80 } }, weight: 90 },
        { destination: { host: 'b.other.svc.cluster.local' }, weight: 10 },
      ],
    });
    expect(rule?.action).toMatchObject({
      kind: 'forward',
      destinations: [
        { host: 'a', subset: 'v1', port: 80, weight: 90, origin: { field: 'spec.http[0].route[0].destination' } },
        { host: 'b.other.svc.cluster.local', weight: 10 },
      ],
    });
  });

  it('reads timeouts, retries and rewrites', () => {
    const { rule, residues } = read({
      route,
      timeout: '1.5s',
      retries: { attempts: 3, perTryTimeout: '200ms', retryOn: '5xx, reset' },
      rewrite: { uri: '/v2', authority: 'b' },
    });
    expect(rule?.action).toMatchObject({
      timeoutMs: 1500,
      retries: { attempts: 3, perTryTimeoutMs: 200, retryOn: '5xx,reset' },
      rewrite: { path: '/v2', authority: 'b' },
    });
    expect(residues).toEqual([]);
  });

  it('leaves unset what is unset', () => {
    expect(read({ route }).rule).toEqual({
      matches: [],
      action: { kind: 'forward', destinations: [{ host: 'reviews', weight: 0, origin: expect.anything() }] },
      origin: { resource: expect.anything(), field: 'spec.http[0]' },
    });
  });

  it('reads redirects and direct responses', () => {
    expect(read({ redirect: { uri: '/new', authority: 'x', redirectCode: 302 } }).rule?.action).toEqual({
      kind: 'redirect',
      path: '/new',
      authority: 'x',
      status: 302,
    });
    expect(read({ redirect: { scheme: 'https' } }).rule?.action).toEqual({
      kind: 'redirect',
      scheme: 'https',
      status: 301,
    });
    expect(read({ directResponse: { status: 418, body: { string: 'tea' } } }).rule?.action).toEqual({
      kind: 'respond',
      status: 418,
      body: 'tea',
    });
  });

  it('reads faults, which without a percentage hit nothing', () => {
    const fault = {
      delay: { fixedDelay: '7s', percentage: { value: 0.5 } },
      abort: { httpStatus: 500, percentage: { value: 100 } },
    };
    expect(read({ fault, route }).rule?.fault).toEqual({
      delay: { durationMs: 7000, percent: 0.5 },
      abort: { httpStatus: 500, percent: 100 },
    });
    const bare = read({ fault: { abort: { httpStatus: 500 } }, route });
    expect(bare.rule?.fault).toBeUndefined();
    expect(bare.fields).toEqual(['info fault.abort']);
  });

  it('reads header operations; setting the authority is a rewrite, other pseudo headers are refused', () => {
    const headers = {
      request: { set: { 'x-a': '1', Host: 'b', ':path': '/' }, add: { 'x-b': '2' }, remove: ['x-c'] },
      response: { remove: ['server'] },
    };
    const { rule, fields } = read({ headers, route });
    expect(rule?.requestHeaders).toEqual({ set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] });
    expect(rule?.responseHeaders).toEqual({ set: {}, add: {}, remove: ['server'] });
    expect(rule?.action).toMatchObject({ rewrite: { authority: 'b' } });
    expect(fields).toEqual(['invalid headers.request']);
  });

  it.each([
    [{ mirror: { host: 'b' }, route }, ['unsupported mirror']],
    [{ corsPolicy: {}, route }, ['unsupported corsPolicy']],
    [{ rewrite: { uriRegexRewrite: {} }, route }, ['unsupported rewrite.uriRegexRewrite']],
    [{ retries: { attempts: 1, retryOn: '503' }, route }, ['unsupported retries.retryOn']],
    [
      { fault: { abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 1 } } }, route },
      ['unsupported fault.abort.grpcStatus'],
    ],
    [{ route: [{ destination: { host: 'a' }, headers: { request: {} } }] }, ['unsupported route[0].headers']],
    [{ timeout: 'long', route }, ['invalid timeout']],
  ])('carries out the rest of %j and reports the field', (rule, expected) => {
    const result = read(rule);
    expect(result.rule?.action.kind).toBe('forward');
    expect(result.fields).toEqual(expected);
  });

  it('leaves out rules that only delegate or do nothing', () => {
    expect(read({ delegate: { name: 'b' } })).toMatchObject({ rule: undefined, fields: ['unsupported delegate'] });
    expect(read({}).rule).toBeUndefined();
  });

  it('reports TLS and TCP rules', () => {
    const fragment = istioMesh.read(virtualService('a', { hosts: ['a'], tcp: [{ route: [] }], tls: [{ match: [] }] }));
    expect(fragment?.residues.map(({ origin }) => origin.field)).toEqual(['spec.tcp', 'spec.tls']);
  });
});

it.each(['v1', 'v1beta1', 'v1alpha3'])('reads networking.istio.io/%s', (version) => {
  const resource = { ...virtualService('a', { hosts: ['a'], http: [] }), apiVersion: `networking.istio.io/${version}` };
  expect(istioMesh.read(resource)?.items).toHaveLength(1);
});

it('reports versions it does not know', () => {
  const resource = { ...virtualService('a', {}), apiVersion: 'networking.istio.io/v2' };
  expect(istioMesh.read(resource)).toMatchObject({ items: [], residues: [{ severity: 'unsupported' }] });
});
