import { describe, expect, it } from 'vitest';
import { readHttpRule, TO_REVIEWS } from '../../testing/read-route.ts';

const actionOf = (rule: object) => {
  const read = readHttpRule(rule);
  return { action: read.rule?.action, fields: read.fields };
};
const to = (more: object, ...others: readonly object[]) =>
  actionOf({ backendRefs: [{ name: 'reviews', port: 9080, ...more }, ...others] });

describe('HTTPRoute rules.backendRefs', () => {
  it('HTTPRoute rules.backendRefs: name and port are a Service beside the route, with the weight 1', () => {
    const { action, fields } = to({});
    expect(action).toMatchObject({
      destinations: [
        { backend: { group: '', kind: 'Service', namespace: 'default', name: 'reviews' }, port: 9080, weight: 1 },
      ],
    });
    expect(fields).toEqual([]);
  });

  it('HTTPRoute rules.backendRefs: group, kind, namespace and weight say what else is meant', () => {
    const { action } = to({ group: 'a', kind: 'B', namespace: 'c', weight: 7 });
    const backend = { group: 'a', kind: 'B', namespace: 'c', name: 'reviews' };
    expect(action).toMatchObject({ destinations: [{ backend, weight: 7 }] });
  });

  it.each([
    [{ port: undefined }, 'invalid backendRefs[0].port'],
    [{ port: 70_000 }, 'invalid backendRefs[0].port'],
    [{ name: '' }, 'invalid backendRefs[0].name'],
  ])('the share of a backend that makes no sense is refused: %j', (more, field) => {
    const { action, fields } = to({ ...more, weight: 3 }, { name: 'b', port: 1 });
    expect(action).toMatchObject({ destinations: [{ weight: 3, refusesWith: 500 }, { backend: { name: 'b' } }] });
    expect(fields).toEqual([field]);
  });

  it.each([[[]], [[{ name: 'reviews', port: 9080, weight: 0 }]]])('nothing takes requests by %j', (backendRefs) => {
    expect(actionOf({ backendRefs })).toEqual({ action: { kind: 'respond', status: 500 }, fields: [] });
  });
});

describe('HTTPRoute rules.backendRefs.filters', () => {
  const filtered = (...filters: readonly object[]) => to({ filters });
  const set = [{ name: 'x-a', value: '1' }];

  it('HTTPRoute rules.backendRefs.filters.requestHeaderModifier and responseHeaderModifier, by type, are of the share', () => {
    const { action } = filtered(
      { type: 'RequestHeaderModifier', requestHeaderModifier: { set } },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { set } },
    );
    const operations = { set: { 'x-a': '1' }, add: {}, remove: [] };
    expect(action).toMatchObject({ destinations: [{ requestHeaders: operations, responseHeaders: operations }] });
  });

  it('HTTPRoute rules.backendRefs.filters.type has to be known', () => {
    const { action, fields } = filtered({ type: 'Odd' });
    expect(action).toMatchObject({ destinations: [{ refusesWith: 500 }] });
    expect(fields).toEqual(['invalid backendRefs[0].filters[0].type']);
  });

  it('HTTPRoute rules.backendRefs.filters.urlRewrite: its hostname is of the share, its path of the only backend', () => {
    const path = { type: 'ReplaceFullPath', replaceFullPath: '/n' };
    const { action } = filtered({ type: 'URLRewrite', urlRewrite: { hostname: 'b.example', path } });
    expect(action).toMatchObject({
      destinations: [{ requestHeaders: { set: { host: 'b.example' } } }],
      rewrite: { pathRegex: { substitution: '/n' } },
    });
  });

  const concerning = [
    { type: 'RequestRedirect', requestRedirect: { hostname: 'b.example' } },
    { type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', port: 80 } } },
    { type: 'CORS', cors: { allowOrigins: ['*'] } },
  ];

  it('HTTPRoute rules.backendRefs.filters: requestRedirect, requestMirror and cors of the only backend are of the rule', () => {
    const read = concerning.map((filter) => readHttpRule({ backendRefs: [{ ...TO_REVIEWS[0], filters: [filter] }] }));
    expect(read.map(({ rule }) => rule)).toMatchObject([
      { action: { kind: 'redirect', authority: 'b.example' } },
      { action: { mirrors: [{ backend: { name: 'shadow' } }] } },
      { cors: { allowOrigins: [{ present: true }] } },
    ]);
    expect(read.flatMap(({ fields }) => fields)).toEqual([]);
  });

  it.each(concerning.map((filter) => [filter]))('are refused where there are other backends: %j', (filter) => {
    const { action, fields } = to({ filters: [filter] }, { name: 'b', port: 1 });
    expect(action).toMatchObject({ kind: 'forward', destinations: [{ refusesWith: 500 }, {}] });
    expect(fields).toEqual(['unsupported backendRefs[0].filters']);
  });
});

describe('HTTPRoute rules.timeouts and rules.retry', () => {
  const times = (rule: object) => {
    const { action, fields } = actionOf({ ...rule, backendRefs: TO_REVIEWS });
    const { timeoutMs, retries } = action as { readonly timeoutMs?: number; readonly retries?: object };
    return { timeoutMs, retries, fields };
  };
  const conditions = 'connect-failure,refused-stream,reset';

  it('HTTPRoute rules.timeouts.request ends a request, and 0s never does', () => {
    expect(times({ timeouts: { request: '1h30m' } }).timeoutMs).toBe(5_400_000);
    expect(times({ timeouts: { request: '0s' } }).timeoutMs).toBe(0);
    expect(times({}).timeoutMs).toBeUndefined();
  });

  it('HTTPRoute rules.timeouts.backendRequest ends one attempt, of a rule without retries the request', () => {
    const timeouts = { request: '10s', backendRequest: '2s' };
    expect(times({ timeouts })).toMatchObject({ timeoutMs: 2_000, retries: undefined });
    expect(times({ timeouts: { backendRequest: '2s' } }).timeoutMs).toBe(2_000);
    expect(times({ timeouts: { request: '0s', backendRequest: '2s' } }).timeoutMs).toBe(2_000);
    expect(times({ timeouts, retry: { attempts: 1 } })).toMatchObject({
      timeoutMs: 10_000,
      retries: { perTryTimeoutMs: 2_000 },
    });
    expect(times({ timeouts: { request: '1s', backendRequest: '0s' }, retry: {} }).retries).not.toHaveProperty(
      'perTryTimeoutMs',
    );
  });

  it('HTTPRoute rules.retry: attempts, codes and backoff', () => {
    expect(times({ retry: { attempts: 3, codes: [503, 404], backoff: '100ms' } })).toEqual({
      timeoutMs: undefined,
      retries: { attempts: 3, retryOn: `${conditions},503,404`, backoffMs: 100 },
      fields: [],
    });
    expect(times({ retry: {} }).retries).toEqual({ attempts: 2, retryOn: conditions });
  });

  it.each([
    [{ timeouts: { request: '1.5s' } }, 'invalid timeouts.request'],
    [{ timeouts: { request: '1s', backendRequest: '2s' } }, 'invalid timeouts.backendRequest'],
    [{ retry: { codes: [200] } }, 'invalid retry.codes[0]'],
    [{ retry: { backoff: 'soon' } }, 'invalid retry.backoff'],
  ])('%j is reported', (rule, field) => {
    expect(times(rule).fields).toEqual([field]);
  });
});

describe('HTTPRoute rules.sessionPersistence', () => {
  const session = (written: object, ...others: readonly object[]) => {
    const { action, fields } = actionOf({ sessionPersistence: written, backendRefs: [...TO_REVIEWS, ...others] });
    return { session: action?.kind === 'forward' ? action.sessionPersistence : undefined, fields };
  };

  it('HTTPRoute rules.sessionPersistence.sessionName and type are read', () => {
    expect(session({ sessionName: 's' })).toEqual({ session: { kind: 'cookie', name: 's', path: '/' }, fields: [] });
    expect(session({ sessionName: 'x-s', type: 'Header' }).session).toEqual({ kind: 'header', name: 'x-s' });
    expect(session({}).session?.name).toBe('meshwise-a-0');
  });

  it('HTTPRoute rules.sessionPersistence.cookieConfig.lifetimeType and absoluteTimeout say how long', () => {
    const permanent = { cookieConfig: { lifetimeType: 'Permanent' } };
    expect(session({ ...permanent, absoluteTimeout: '1h' })).toMatchObject({
      session: { lifetimeMs: 3_600_000 },
      fields: [],
    });
    expect(session(permanent).fields).toEqual(['invalid sessionPersistence.absoluteTimeout']);
    expect(session({ absoluteTimeout: '1h' })).toMatchObject({
      session: { lifetimeMs: 3_600_000 },
      fields: ['info sessionPersistence.absoluteTimeout'],
    });
  });

  it.each([
    [{ type: 'Header', absoluteTimeout: '1h' }, 'unsupported sessionPersistence.absoluteTimeout'],
    [{ type: 'Header', cookieConfig: {} }, 'invalid sessionPersistence.cookieConfig'],
    [{ type: 'Odd' }, 'invalid sessionPersistence.type'],
    [{ sessionName: 'a b' }, 'invalid sessionPersistence.sessionName'],
    [{ idleTimeout: '1h' }, 'unsupported sessionPersistence.idleTimeout'],
  ])('%j is reported', (written, field) => {
    expect(session(written).fields).toEqual([field]);
  });

  it('a header is reported where it cannot keep a session in its share', () => {
    const other = { name: 'b', port: 1 };
    expect(session({ type: 'Header' }, other).fields).toEqual(['unsupported sessionPersistence']);
    expect(session({ type: 'Header' }, { ...other, weight: 0 }).fields).toEqual([]);
    expect(session({ type: 'Cookie' }, other).fields).toEqual([]);
  });
});
