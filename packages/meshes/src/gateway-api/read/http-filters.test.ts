import { describe, expect, it } from 'vitest';
import { readHttpRule, TO_REVIEWS } from '../../testing/read-route.ts';

const withFilters = (...filters: readonly object[]) => readHttpRule({ filters, backendRefs: TO_REVIEWS });
const refused = { kind: 'respond', status: 500 };

describe('HTTPRoute rules.filters of headers', () => {
  const operations = { set: { 'x-a': '1' }, add: { 'x-b': '50%%' }, remove: ['x-c'] };

  it('HTTPRoute rules.filters.requestHeaderModifier of its type: a percent sign means itself', () => {
    const set = [{ name: 'x-a', value: '1' }];
    const add = [{ name: 'x-b', value: '50%' }];
    const requestHeaderModifier = { set, add, remove: ['x-c'] };
    const { rule, fields } = withFilters({ type: 'RequestHeaderModifier', requestHeaderModifier });
    expect(rule?.requestHeaders).toEqual(operations);
    expect(fields).toEqual([]);
  });

  it('HTTPRoute rules.filters.responseHeaderModifier of its type', () => {
    const set = [{ name: 'x-a', value: '1' }];
    const add = [{ name: 'x-b', value: '50%' }];
    const responseHeaderModifier = { set, add, remove: ['x-c'] };
    const { rule, fields } = withFilters({ type: 'ResponseHeaderModifier', responseHeaderModifier });
    expect(rule?.responseHeaders).toEqual(operations);
    expect(fields).toEqual([]);
  });

  it('of headers with one name the first counts, and what is no header is left out', () => {
    const set = [
      { name: 'x-a', value: '1' },
      { name: 'X-A', value: '2' },
      { name: ':path', value: 'b' },
      { name: 'x-b', value: '1\r\nx-c: 2' },
    ];
    const { rule, fields } = withFilters({ type: 'RequestHeaderModifier', requestHeaderModifier: { set } });
    expect(rule?.requestHeaders?.set).toEqual({ 'x-a': '1' });
    expect(fields).toEqual([
      'invalid filters[0].requestHeaderModifier.set[2].name',
      'invalid filters[0].requestHeaderModifier.set[3].value',
    ]);
  });
});

describe('the host as a header (Istio)', () => {
  const set = [{ name: 'Host', value: 'b.example.com' }];

  it('of a request is set, and of a response is nothing', () => {
    const ofRequest = withFilters({ type: 'RequestHeaderModifier', requestHeaderModifier: { set } });
    expect([ofRequest.rule?.requestHeaders?.set, ofRequest.fields]).toEqual([{ host: 'b.example.com' }, []]);
    const ofResponse = withFilters({ type: 'ResponseHeaderModifier', responseHeaderModifier: { set } });
    expect(ofResponse.rule?.responseHeaders?.set).toEqual({});
    expect(ofResponse.fields).toEqual(['invalid filters[0].responseHeaderModifier.set[0].name']);
  });

  it('is not taken away', () => {
    const { rule, fields } = withFilters({
      type: 'RequestHeaderModifier',
      requestHeaderModifier: { remove: ['host'] },
    });
    expect([rule?.requestHeaders?.remove, fields]).toEqual([[], ['invalid filters[0].requestHeaderModifier.remove']]);
  });
});

describe('HTTPRoute rules.filters.requestMirror', () => {
  const mirror = (more: object) =>
    withFilters({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', port: 80 }, ...more } });
  const percentOf = (more: object) => {
    const { rule, fields } = mirror(more);
    return [rule?.action.kind === 'forward' ? rule.action.mirrors?.map(({ percent }) => percent) : undefined, fields];
  };

  it('HTTPRoute rules.filters.requestMirror.backendRef: group, kind, namespace, name and port', () => {
    const backendRef = { group: 'a', kind: 'B', namespace: 'c', name: 'd', port: 1 };
    const { rule } = mirror({ backendRef });
    const { port, ...backend } = backendRef;
    expect(rule?.action).toMatchObject({ mirrors: [{ backend, port, percent: 100 }] });
  });

  it('HTTPRoute rules.filters.requestMirror.percent and fraction.numerator of fraction.denominator are shares', () => {
    expect(percentOf({ percent: 10 })).toEqual([[10], []]);
    expect(percentOf({ fraction: { numerator: 1, denominator: 1000 } })).toEqual([[0.1], []]);
    expect(percentOf({ fraction: { numerator: 5 } })).toEqual([[5], []]);
    expect(percentOf({ percent: 0 })).toEqual([undefined, []]);
  });

  it('several copies are made', () => {
    const shadow = (name: string) => ({ type: 'RequestMirror', requestMirror: { backendRef: { name, port: 80 } } });
    const { rule, fields } = withFilters(shadow('a'), shadow('b'));
    expect(rule?.action).toMatchObject({ mirrors: [{ backend: { name: 'a' } }, { backend: { name: 'b' } }] });
    expect(fields).toEqual([]);
  });

  it.each([
    [{ backendRef: { name: 'shadow' } }, 'invalid filters[0].requestMirror.backendRef.port'],
    [{ backendRef: { port: 1 } }, 'invalid filters[0].requestMirror.backendRef.name'],
    [{ percent: 101 }, 'invalid filters[0].requestMirror.percent'],
    [{ fraction: { numerator: 2, denominator: 1 } }, 'invalid filters[0].requestMirror.fraction.numerator'],
    [{ fraction: {} }, 'invalid filters[0].requestMirror.fraction.numerator'],
  ])('copies nothing by %j, and goes on', (more, field) => {
    expect(percentOf(more)).toEqual([undefined, [field]]);
    expect(mirror(more).rule?.action.kind).toBe('forward');
  });
});

describe('HTTPRoute rules.filters.urlRewrite', () => {
  const rewrite = (urlRewrite: object, matches: readonly object[] = [{ path: { value: '/old' } }]) => {
    const filters = [{ type: 'URLRewrite', urlRewrite }];
    const { rule, fields } = readHttpRule({ matches, filters, backendRefs: TO_REVIEWS });
    return { action: rule?.action, fields };
  };

  it('HTTPRoute rules.filters.urlRewrite.hostname is the host that the backend sees', () => {
    expect(rewrite({ hostname: 'b.example' }).action).toMatchObject({ rewrite: { authority: 'b.example' } });
  });

  it('HTTPRoute rules.filters.urlRewrite.path: type, replaceFullPath is the whole path, whatever was matched', () => {
    const matches = [{ path: { type: 'Exact', value: '/a' } }, { path: { value: '/b' } }];
    const { action } = rewrite({ path: { type: 'ReplaceFullPath', replaceFullPath: '/\\1' } }, matches);
    expect(action).toMatchObject({ rewrite: { pathRegex: { pattern: '^.*$', substitution: '/\\\\1' } } });
  });

  it('HTTPRoute rules.filters.urlRewrite.path.replacePrefixMatch takes the place of the prefix', () => {
    const path = { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' };
    expect(rewrite({ path }).action).toMatchObject({ rewrite: { path: '/' } });
    expect(rewrite({ path }, []).action).toMatchObject({ rewrite: { path: '/' } });
  });

  it.each<readonly [object, readonly object[], string]>([
    [{ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } }, [{ path: { type: 'Exact', value: '/a' } }], ''],
    [{ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } }, [{}, {}], ''],
    [{ path: { type: 'ReplacePrefixMatch' } }, [{}], '[0].urlRewrite.path.replacePrefixMatch'],
    [{ path: { type: 'ReplaceFullPath', replacePrefixMatch: '/' } }, [{}], '[0].urlRewrite.path.replaceFullPath'],
    [{ path: { type: 'Odd' } }, [{}], '[0].urlRewrite.path.type'],
    [{ hostname: 'a\r\n' }, [{}], '[0].urlRewrite.hostname'],
  ])('answers with an error where %j cannot be carried out', (urlRewrite, matches, field) => {
    const { action, fields } = rewrite(urlRewrite, matches);
    expect(action).toEqual(refused);
    expect(fields).toEqual([`invalid filters${field}`]);
  });
});

describe('HTTPRoute rules.filters.requestRedirect', () => {
  const redirect = (requestRedirect: object) => {
    const filters = [{ type: 'RequestRedirect', requestRedirect }];
    const { rule, fields } = readHttpRule({ matches: [{ path: { value: '/old' } }], filters });
    return { action: rule?.action, fields };
  };

  it.each<readonly [string, object, object]>([
    ['hostname', { hostname: 'b.example' }, { authority: 'b.example', port: 'from-request' }],
    ['scheme', { scheme: 'https' }, { scheme: 'https', port: 443 }],
    ['scheme', { scheme: 'http' }, { scheme: 'http', port: 80 }],
    ['port', { scheme: 'https', port: 8443 }, { scheme: 'https', port: 8443 }],
    ['statusCode', { statusCode: 308 }, { port: 'from-request', status: 308 }],
    [
      'path.replaceFullPath',
      { path: { type: 'ReplaceFullPath', replaceFullPath: '/n' } },
      { port: 'from-request', path: '/n' },
    ],
    [
      'path.replacePrefixMatch',
      { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/n' } },
      { port: 'from-request', pathPrefix: '/n' },
    ],
    ['path', {}, { port: 'from-request' }],
  ])('HTTPRoute rules.filters.requestRedirect.%s of %j', (_, written, expected) => {
    const { action, fields } = redirect(written);
    expect(action).toEqual({ kind: 'redirect', status: 302, ...expected });
    expect(fields).toEqual([]);
  });

  it('HTTPRoute rules.filters.requestRedirect.path.type has to be known', () => {
    expect(redirect({ path: { type: 'Odd' } })).toEqual({
      action: refused,
      fields: ['invalid filters[0].requestRedirect.path.type'],
    });
  });

  it.each([
    [{ statusCode: 305 }, 'unsupported filters[0].requestRedirect.statusCode'],
    [{ scheme: 'ftp' }, 'unsupported filters[0].requestRedirect.scheme'],
    [{ port: 0 }, 'invalid filters[0].requestRedirect.port'],
  ])('answers with an error where %j cannot be carried out', (written, field) => {
    expect(redirect(written)).toEqual({ action: refused, fields: [field] });
  });
});

describe('HTTPRoute rules.filters.cors', () => {
  const cors = (written: object) => {
    const { rule, fields } = withFilters({ type: 'CORS', cors: written });
    return { cors: rule?.cors, fields };
  };
  const nothing = { allowOrigins: [], allowMethods: [], allowHeaders: [], exposeHeaders: [] };

  it.each<readonly [string, object, object]>([
    [
      'allowOrigins',
      { allowOrigins: ['https://a.example:8443'] },
      { allowOrigins: [{ exact: 'https://a.example:8443' }] },
    ],
    ['allowOrigins', { allowOrigins: ['https://a.example:443'] }, { allowOrigins: [{ exact: 'https://a.example' }] }],
    [
      'allowOrigins',
      { allowOrigins: ['https://*.a.example'] },
      { allowOrigins: [{ regex: 'https://[^/:]+\\.a\\.example' }] },
    ],
    ['allowOrigins', { allowOrigins: ['*'] }, { allowOrigins: [{ present: true }] }],
    ['allowMethods', { allowMethods: ['GET', '*'] }, { allowMethods: ['GET', '*'] }],
    ['allowHeaders', { allowHeaders: ['x-a', '*'] }, { allowHeaders: ['x-a', '*'] }],
    ['exposeHeaders', { exposeHeaders: ['x-b'] }, { exposeHeaders: ['x-b'] }],
    ['allowCredentials', { allowCredentials: true }, { allowCredentials: true }],
    ['allowCredentials', { allowCredentials: false }, {}],
    ['maxAge', { maxAge: 60 }, { maxAgeMs: 60_000 }],
    ['maxAge', {}, {}],
  ])('HTTPRoute rules.filters.cors.%s of %j', (_, written, expected) => {
    const { cors: read, fields } = cors(written);
    expect(read).toEqual({ ...nothing, maxAgeMs: 5_000, unmatchedPreflights: 'ignore', ...expected });
    expect(fields).toEqual([]);
  });

  it('beside credentials a * stands for all methods by their names, and for no header', () => {
    const { cors: read, fields } = cors({
      allowCredentials: true,
      allowMethods: ['*'],
      allowHeaders: ['*'],
      exposeHeaders: ['*'],
    });
    expect(read?.allowMethods).toContain('PATCH');
    expect(read).toMatchObject({ allowHeaders: [], exposeHeaders: [] });
    expect(fields).toEqual(['unsupported filters[0].cors.allowHeaders', 'unsupported filters[0].cors.exposeHeaders']);
  });

  it('a * takes no other port and no other scheme', () => {
    const { cors: read } = cors({ allowOrigins: ['https://*'] });
    const [origin] = read?.allowOrigins ?? [];
    const pattern = new RegExp(`^(?:${origin !== undefined && 'regex' in origin ? origin.regex : ''})$`);
    expect(['https://a.b', 'https://a:8443', 'http://a', 'https://a/b'].map((text) => pattern.test(text))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('allows nothing by what is no origin', () => {
    expect(cors({ allowOrigins: ['a.example'] })).toMatchObject({
      cors: { allowOrigins: [] },
      fields: ['invalid filters[0].cors.allowOrigins'],
    });
  });
});

describe('HTTPRoute rules.filters that are not carried out', () => {
  it.each<readonly [object, string]>([
    [
      { type: 'ExtensionRef', extensionRef: { group: 'a', kind: 'B', name: 'c' } },
      'unsupported filters[0].extensionRef',
    ],
    [{ type: 'ExternalAuth', externalAuth: { protocol: 'GRPC' } }, 'unsupported filters[0].externalAuth'],
    [{ type: 'Odd' }, 'invalid filters[0].type'],
    [{ type: 'URLRewrite' }, 'invalid filters[0].urlRewrite'],
  ])(
    'HTTPRoute rules.filters.type: extensionRef and externalAuth are not skipped, requests get 500: %j',
    (filter, field) => {
      const { rule, fields } = withFilters(filter);
      expect(rule?.action).toEqual(refused);
      expect(fields).toEqual([field]);
    },
  );

  it('a redirect and a rewrite exclude each other', () => {
    const { rule, fields } = withFilters(
      { type: 'RequestRedirect', requestRedirect: { hostname: 'a.example' } },
      { type: 'URLRewrite', urlRewrite: { hostname: 'a.example' } },
    );
    expect(rule?.action).toEqual(refused);
    expect(fields).toEqual(['invalid filters']);
  });

  it('of two filters of one type the first holds', () => {
    const one = (hostname: string) => ({ type: 'URLRewrite', urlRewrite: { hostname } });
    const { rule, fields } = withFilters(one('a.example'), one('b.example'));
    expect(rule?.action).toMatchObject({ rewrite: { authority: 'a.example' } });
    expect(fields).toEqual(['invalid filters[1]']);
  });
});
