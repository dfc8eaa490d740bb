import { ManualClock } from '@meshwise/core';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { Authority, checkAddressed, SESSION_COOKIE } from './auth.ts';

function request(headers: Record<string, string>, cookies: Record<string, string> = {}): FastifyRequest {
  return { headers, cookies } as unknown as FastifyRequest;
}

describe('who may use the API', () => {
  const clock = new ManualClock(1_000_000);
  const authority = new Authority('the-token-of-the-state', clock);

  it('whoever carries the token', () => {
    expect(() => authority.check(request({ authorization: 'Bearer the-token-of-the-state' }))).not.toThrow();
  });

  it.each([
    ['nothing', {}],
    ['another token', { authorization: 'Bearer the-token-of-the-statf' }],
    ['a beginning of the token', { authorization: 'Bearer the-token' }],
    ['another scheme', { authorization: 'Basic the-token-of-the-state' }],
  ])('nobody with %s', (_case, headers) => {
    expect(() => authority.check(request(headers))).toThrow('MW6004');
  });

  it('a browser that exchanged a one-time token, which is good for one exchange', async () => {
    const token = authority.issueOneTimeToken();
    const { session } = authority.openSession(token);
    expect(() => authority.check(request({}, { [SESSION_COOKIE]: session }))).not.toThrow();
    expect(() => authority.openSession(token)).toThrow('MW6004');
    expect(() => authority.check(request({}, { [SESSION_COOKIE]: token }))).toThrow('MW6004');
  });

  it('and both end: the one-time token after five minutes, the session after twelve hours', async () => {
    const late = authority.issueOneTimeToken();
    const { session } = authority.openSession(authority.issueOneTimeToken());
    await clock.advance(5 * 60_000);
    expect(() => authority.openSession(late)).toThrow('MW6004');
    await clock.advance(12 * 3_600_000);
    expect(() => authority.check(request({}, { [SESSION_COOKIE]: session }))).toThrow('MW6004');
  });
});

describe('how a request must be addressed', () => {
  const own = new Set(['127.0.0.1:15080', 'localhost:15080']);
  const check = (headers: Record<string, string>) => () => checkAddressed(request(headers), own);

  it('to our own host, from our own page or from no page', () => {
    expect(check({ host: '127.0.0.1:15080' })).not.toThrow();
    expect(check({ host: 'localhost:15080', origin: 'http://localhost:15080' })).not.toThrow();
    expect(check({ host: 'localhost:15080', 'sec-fetch-site': 'same-origin' })).not.toThrow();
  });

  it.each([
    ['a name that was rebound to us', { host: 'evil.example:15080' }],
    ['another port of ours', { host: '127.0.0.1:15081' }],
    ['no host at all', {}],
    ['another page', { host: '127.0.0.1:15080', origin: 'http://evil.example' }],
    ['a page without an origin', { host: '127.0.0.1:15080', origin: 'null' }],
    ['our own page under the other name', { host: '127.0.0.1:15080', origin: 'http://localhost:15080' }],
    ['another site', { host: '127.0.0.1:15080', 'sec-fetch-site': 'cross-site' }],
  ])('not by way of %s', (_case, headers) => {
    expect(check(headers as Record<string, string>)).toThrow('MW6005');
  });
});
