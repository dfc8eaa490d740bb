import { describe, expect, it } from 'vitest';
import { readRule, TO_REVIEWS } from '../../testing/read-rule.ts';

const withFault = (fault: object) => readRule({ fault, route: TO_REVIEWS });

describe('VirtualService http.fault', () => {
  it('VirtualService http.fault.delay.fixedDelay and percentage are read', () => {
    const { rule } = withFault({ delay: { fixedDelay: '7s', percentage: { value: 0.5 } } });
    expect(rule?.fault).toEqual({ delay: { durationMs: 7000, percent: 0.5 } });
  });

  it('VirtualService http.fault.delay.percent, which is older, is read', () => {
    expect(withFault({ delay: { fixedDelay: '1s', percent: 20 } }).rule?.fault?.delay?.percent).toBe(20);
  });

  it('VirtualService http.fault.abort.httpStatus, grpcStatus and percentage are read', () => {
    const percentage = { value: 100 };
    expect(withFault({ abort: { httpStatus: 500, percentage } }).rule?.fault?.abort).toEqual({
      httpStatus: 500,
      percent: 100,
    });
    expect(withFault({ abort: { grpcStatus: 'UNAVAILABLE', percentage } }).rule?.fault?.abort).toEqual({
      grpcStatus: 14,
      percent: 100,
    });
  });

  it.each([
    [{ abort: { httpStatus: 500 } }, 'info fault.abort'],
    [{ delay: { fixedDelay: '0s', percentage: { value: 1 } } }, 'invalid fault.delay.fixedDelay'],
    [{ delay: { exponentialDelay: '1s', percentage: { value: 1 } } }, 'unsupported fault.delay.exponentialDelay'],
    [{ abort: { http2Error: 'REFUSED', percentage: { value: 1 } } }, 'unsupported fault.abort.http2Error'],
    [{ abort: { grpcStatus: 'ILL', percentage: { value: 1 } } }, 'invalid fault.abort.grpcStatus'],
    [{ abort: { percentage: { value: 1 } } }, 'invalid fault.abort'],
    [{ abort: { httpStatus: 500, percentage: { value: 101 } } }, 'invalid fault.abort.percentage'],
  ])('%j hits no request, and says so', (fault, field) => {
    const { rule, fields } = withFault(fault);
    expect(rule?.action.kind).toBe('forward');
    expect(rule?.fault).toBeUndefined();
    expect(fields).toEqual([field]);
  });
});

describe('VirtualService http.headers', () => {
  it('VirtualService http.headers.request and response set, add and remove', () => {
    const headers = {
      request: { set: { 'x-a': '1' }, add: { 'x-b': '%REQ(x-c)%' }, remove: ['x-c'] },
      response: { remove: ['server'] },
    };
    const { rule, residues } = readRule({ headers, route: TO_REVIEWS });
    expect(rule?.requestHeaders).toEqual(headers.request);
    expect(rule?.responseHeaders).toEqual({ set: {}, add: {}, remove: ['server'] });
    expect(residues).toEqual([]);
  });

  it('VirtualService http.headers.request.set.Host stays for the rewrite that it means', () => {
    const { rule, fields } = readRule({ headers: { request: { set: { Host: 'b' } } }, route: TO_REVIEWS });
    expect(rule?.requestHeaders?.set).toEqual({ host: 'b' });
    expect(fields).toEqual([]);
  });

  it.each([
    [{ request: { set: { ':path': '/' } } }, 'invalid headers.request.set'],
    [{ request: { remove: ['Host'] } }, 'invalid headers.request.remove'],
    [{ response: { set: { host: 'a' } } }, 'invalid headers.response.set'],
    [{ request: { add: { 'a b': '1' } } }, 'invalid headers.request.add'],
    [{ request: { add: { a: '1\r\nb: 2' } } }, 'invalid headers.request.add'],
    [{ request: { set: { a: '%NOTHING%' } } }, 'invalid headers.request.set'],
  ])('leaves out %j, which a proxy would refuse', (headers, field) => {
    const { rule, fields } = readRule({ headers, route: TO_REVIEWS });
    const read = JSON.stringify([rule?.requestHeaders, rule?.responseHeaders]);
    expect(read).toMatch(/^\[(null,)?\{"set":\{\},"add":\{\},"remove":\[\]\}(,null)?\]$/);
    expect(fields).toEqual([field]);
  });
});

describe('VirtualService http.corsPolicy', () => {
  const cors = (corsPolicy: object) => readRule({ corsPolicy, route: TO_REVIEWS });
  const empty = { allowOrigins: [], allowMethods: [], allowHeaders: [], exposeHeaders: [] };

  it.each([
    ['allowOrigins', { allowOrigins: [{ exact: 'http://a' }, { regex: '.*' }] }, {}],
    ['allowMethods', { allowMethods: ['GET', 'PUT'] }, {}],
    ['allowHeaders', { allowHeaders: ['x-a'] }, {}],
    ['exposeHeaders', { exposeHeaders: ['x-b'] }, {}],
    ['maxAge', { maxAge: '24h' }, { maxAge: undefined, maxAgeMs: 86_400_000 }],
    ['allowCredentials', { allowCredentials: true }, {}],
    ['unmatchedPreflights', { unmatchedPreflights: 'IGNORE' }, { unmatchedPreflights: 'ignore' }],
    ['allowOrigin', { allowOrigin: ['http://a'] }, { allowOrigin: undefined, allowOrigins: [{ exact: 'http://a' }] }],
  ])('VirtualService http.corsPolicy.%s is read', (_, written, read) => {
    const { rule, residues } = cors(written);
    expect(rule?.cors).toEqual({ ...empty, ...written, ...read });
    expect(residues).toEqual([]);
  });

  it.each([
    [{ allowOrigins: [{}] }, 'invalid corsPolicy.allowOrigins[0]'],
    [{ allowOrigins: [{ regex: '(?=a)' }] }, 'invalid corsPolicy.allowOrigins[0].regex'],
    [{ allowMethods: ['GET\r\n'] }, 'invalid corsPolicy.allowMethods'],
    [{ unmatchedPreflights: 'X' }, 'invalid corsPolicy.unmatchedPreflights'],
  ])('allows nothing by %j', (written, field) => {
    const { rule, fields } = cors(written);
    expect(rule?.cors).toEqual(empty);
    expect(fields).toEqual([field]);
  });
});

it('VirtualService http.name is read', () => {
  expect(readRule({ name: 'beta', route: TO_REVIEWS }).rule?.name).toBe('beta');
});
