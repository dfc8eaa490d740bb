import { describe, expect, it } from 'vitest';
import { readRule, TO_REVIEWS } from '../../testing/read-rule.ts';

const actionOf = (rule: object) => readRule(rule).rule?.action;
const forwarding = (more: object) => readRule({ route: TO_REVIEWS, ...more });

describe('VirtualService http.route', () => {
  it('VirtualService http.route.destination and weight are read', () => {
    const route = [
      { destination: { host: 'a', subset: 'v1', port: { number: 80 } }, weight: 90 },
      { destination: { host: 'b.other.svc.cluster.local' }, weight: 10 },
    ];
    expect(actionOf({ route })).toMatchObject({
      kind: 'forward',
      destinations: [
        { host: 'a', subset: 'v1', port: 80, weight: 90, origin: { field: 'spec.http[0].route[0].destination' } },
        { host: 'b.other.svc.cluster.local', weight: 10 },
      ],
    });
  });

  it('VirtualService http.route.headers belong to the destination, and may set its Host', () => {
    const headers = { request: { set: { Host: 'x' } }, response: { add: { b: '2' } } };
    const { rule, fields } = readRule({ route: [{ destination: { host: 'a' }, headers }] });
    expect(rule?.action).toMatchObject({
      destinations: [
        {
          requestHeaders: { set: { host: 'x' }, add: {}, remove: [] },
          responseHeaders: { set: {}, add: { b: '2' }, remove: [] },
        },
      ],
    });
    expect(fields).toEqual([]);
  });

  it.each([
    [[{ destination: {} }], ['invalid route[0].destination.host']],
    [[{ weight: 1 }], ['invalid route[0].destination']],
    [[{ destination: { host: 'a', port: { number: 0 } } }], ['invalid route[0].destination.port.number']],
    [[{ destination: { host: 'a' }, weight: -1 }], ['invalid route[0].weight']],
    [[{ destination: { host: 'a' } }, { destination: { host: 'b' } }], ['invalid route']],
  ])('reports what is wrong with %j', (route, fields) => {
    expect(readRule({ route }).fields).toEqual(fields);
  });
});

describe('VirtualService http.redirect', () => {
  it.each([
    ['uri', { uri: '/new' }, { path: '/new' }],
    // A word of Gateway API; here it is a path like any other.
    ['uri with %PREFIX()%', { uri: '/%PREFIX()%/new' }, { path: '/%PREFIX()%/new' }],
    ['prefixRewrite', { prefixRewrite: '/new' }, { pathPrefix: '/new' }],
    ['authority', { authority: 'x' }, { authority: 'x' }],
    ['scheme', { scheme: 'https' }, { scheme: 'https' }],
    ['port', { port: 8443 }, { port: 8443 }],
    ['derivePort', { derivePort: 'FROM_REQUEST_PORT' }, { port: 'from-request' }],
    ['derivePort', { derivePort: 'FROM_PROTOCOL_DEFAULT' }, { port: 'protocol-default' }],
  ])('VirtualService http.redirect.%s is read', (_, redirect, expected) => {
    expect(readRule({ redirect })).toMatchObject({ rule: { action: { kind: 'redirect', status: 301, ...expected } } });
    expect(readRule({ redirect }).residues).toEqual([]);
  });

  it('VirtualService http.redirect.redirectCode is read, and one that no proxy answers drops the rule', () => {
    expect(actionOf({ redirect: { uri: '/a', redirectCode: 308 } })).toMatchObject({ status: 308 });
    const odd = readRule({ redirect: { uri: '/a', redirectCode: 305 } });
    expect([odd.rule, odd.fields]).toEqual([undefined, ['unsupported redirect.redirectCode']]);
  });

  it.each([{ scheme: 'ftp' }, { uri: 'a\nb' }, { port: 0.5 }, { derivePort: 'X' }])('refuses %j', (redirect) => {
    const { rule, residues } = readRule({ redirect });
    expect(rule).toBeUndefined();
    expect(residues).not.toEqual([]);
  });
});

describe('VirtualService http.directResponse', () => {
  it('VirtualService http.directResponse.status, body.string and body.bytes are read', () => {
    expect(actionOf({ directResponse: { status: 418, body: { string: 'tea' } } })).toEqual({
      kind: 'respond',
      status: 418,
      body: 'tea',
    });
    expect(actionOf({ directResponse: { status: 200, body: { bytes: '/+8=' } } })).toMatchObject({
      bodyBase64: '/+8=',
    });
  });

  it.each([
    [{ body: { string: 'a' } }, 'invalid directResponse.status'],
    [{ status: 700 }, 'invalid directResponse.status'],
    [{ status: 200, body: { bytes: '%' } }, 'invalid directResponse.body.bytes'],
    [{ status: 200, body: { string: 'a'.repeat(1024 * 1024 + 1) } }, 'invalid directResponse.body.string'],
  ])('drops a rule whose answer cannot be given %#', (directResponse, field) => {
    const { rule, fields } = readRule({ directResponse });
    expect([rule, fields]).toEqual([undefined, [field]]);
  });
});

describe('VirtualService http.rewrite', () => {
  it('VirtualService http.rewrite.uri and authority are read', () => {
    const { rule, residues } = forwarding({ rewrite: { uri: '/v2', authority: 'b' } });
    expect(rule?.action).toMatchObject({ rewrite: { path: '/v2', authority: 'b' } });
    expect(residues).toEqual([]);
  });

  it('VirtualService http.rewrite.uriRegexRewrite is read, with numbered groups of named ones too', () => {
    const uriRegexRewrite = { match: '/(?P<a>[^/]+)/(.*)', rewrite: '/\\2/\\1' };
    expect(forwarding({ rewrite: { uriRegexRewrite } }).rule?.action).toMatchObject({
      rewrite: { pathRegex: { pattern: '/(?P<a>[^/]+)/(.*)', substitution: '/\\2/\\1' } },
    });
  });

  it.each([
    [{ match: '/(.*)', rewrite: '/\\2' }, 'invalid rewrite.uriRegexRewrite.rewrite'],
    [{ match: '/(.*)', rewrite: '/\\x' }, 'invalid rewrite.uriRegexRewrite.rewrite'],
    [{ match: '/(a)\\1', rewrite: '/' }, 'invalid rewrite.uriRegexRewrite.match'],
    [{ rewrite: '/' }, 'invalid rewrite.uriRegexRewrite.match'],
  ])('carries out the rest of the rule without %j', (uriRegexRewrite, field) => {
    const { rule, fields } = forwarding({ rewrite: { uriRegexRewrite } });
    expect(rule?.action.kind).toBe('forward');
    expect(rule?.action).not.toHaveProperty('rewrite');
    expect(fields).toEqual([field]);
  });
});

describe('VirtualService http.timeout and retries', () => {
  it('VirtualService http.timeout is read', () => {
    expect(forwarding({ timeout: '1.5s' }).rule?.action).toMatchObject({ timeoutMs: 1500 });
    expect(forwarding({ timeout: 'long' }).fields).toEqual(['invalid timeout']);
    expect(forwarding({ timeout: '99999999h' }).fields).toEqual(['invalid timeout']);
  });

  it.each([
    ['attempts', { attempts: 3 }, { attempts: 3 }],
    ['attempts 0', { attempts: 0 }, { attempts: 0 }],
    ['perTryTimeout', { attempts: 1, perTryTimeout: '200ms' }, { attempts: 1, perTryTimeoutMs: 200 }],
    ['retryOn', { attempts: 1, retryOn: '5xx, reset,503' }, { attempts: 1, retryOn: '5xx,reset,503' }],
    ['backoff', { attempts: 1, backoff: '25ms' }, { attempts: 1, backoffMs: 25 }],
    ['retryRemoteLocalities', { attempts: 1, retryRemoteLocalities: true }, { attempts: 1, otherLocalities: true }],
    [
      'retryIgnorePreviousHosts',
      { attempts: 1, retryIgnorePreviousHosts: false },
      { attempts: 1, ignorePreviousHosts: false },
    ],
  ])('VirtualService http.retries.%s is read', (_, retries, expected) => {
    const { rule, residues } = forwarding({ retries });
    expect(rule?.action).toMatchObject({ retries: expected });
    expect(residues).toEqual([]);
  });

  it('reports conditions that nobody knows, and does not take them for those of the mesh', () => {
    const { rule, fields } = forwarding({ retries: { attempts: 1, retryOn: 'fridays' } });
    expect(rule?.action).toMatchObject({ retries: { retryOn: 'retriable-status-codes' } });
    expect(fields).toEqual(['invalid retries.retryOn']);
    expect(forwarding({ retries: { attempts: -1 } }).fields).toEqual(['invalid retries.attempts']);
    expect(forwarding({ retries: { attempts: 1, backoff: '0s' } }).fields).toEqual(['invalid retries.backoff']);
  });
});

describe('VirtualService http.mirror and mirrors', () => {
  it.each([
    [
      'mirror',
      { mirror: { host: 'b', subset: 'v2', port: { number: 80 } } },
      [{ host: 'b', subset: 'v2', port: 80, percent: 100 }],
    ],
    ['mirrorPercentage', { mirror: { host: 'b' }, mirrorPercentage: { value: 0.5 } }, [{ host: 'b', percent: 0.5 }]],
    ['mirrorPercent', { mirror: { host: 'b' }, mirrorPercent: 10 }, [{ host: 'b', percent: 10 }]],
    [
      'mirrors.destination',
      { mirrors: [{ destination: { host: 'b', subset: 'v2', port: { number: 80 } } }] },
      [{ host: 'b', subset: 'v2', port: 80, percent: 100 }],
    ],
    [
      'mirrors',
      { mirrors: [{ destination: { host: 'b' } }, { destination: { host: 'c' }, percentage: { value: 2 } }] },
      [
        { host: 'b', percent: 100 },
        { host: 'c', percent: 2 },
      ],
    ],
  ])('VirtualService http.%s is read', (_, more, mirrors) => {
    const { rule, residues } = forwarding(more);
    expect(rule?.action).toMatchObject({ mirrors });
    expect(residues).toEqual([]);
  });

  it('copies nothing for zero per cent, or for a share that is none', () => {
    expect(forwarding({ mirror: { host: 'b' }, mirrorPercentage: { value: 0 } }).rule?.action).not.toHaveProperty(
      'mirrors',
    );
    const odd = forwarding({ mirror: { host: 'b' }, mirrorPercentage: { value: 101 } });
    expect(odd.rule?.action).not.toHaveProperty('mirrors');
    expect(odd.fields).toEqual(['invalid mirrorPercentage']);
  });
});
