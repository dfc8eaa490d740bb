import { describe, expect, it } from 'vitest';
import type { RequestedRun } from './command.ts';
import { requireConsent } from './consent.ts';

const target = 'https://example.org/';

describe('load on somebody else', () => {
  it.each<[string, Omit<RequestedRun, 'target'>]>([
    ['a rate and a duration', { yes: true, load: { rps: 10, durationMs: 1_000 } }],
    ['a number of requests and a duration', { yes: true, load: { maxRequests: 10, durationMs: 1_000 } }],
    ['stages', { yes: true, load: { stages: [{ durationMs: 1_000, fromRps: 1, toRps: 2 }] } }],
  ])('goes with consent and %s', (_what, request) => {
    expect(() => requireConsent({ target, ...request })).not.toThrow();
  });

  it.each<[Omit<RequestedRun, 'target'>, string]>([
    [{ load: { rps: 10, durationMs: 1_000 } }, 'expected --yes)'],
    [{ yes: false, load: { rps: 10, durationMs: 1_000 } }, 'expected --yes)'],
    [{ yes: true, load: { durationMs: 1_000 } }, 'a rate as a number'],
    [{ yes: true, load: { rps: 'max', durationMs: 1_000 } }, 'a rate as a number'],
    [{ yes: true, load: { maxRequests: null, durationMs: 1_000 } }, 'a rate as a number'],
    [{ yes: true, load: { rps: 10 } }, 'expected a duration)'],
  ])('is refused for %j', (request, missing) => {
    expect(() => requireConsent({ target, ...request })).toThrow(missing);
    expect(() => requireConsent({ target, ...request })).toThrow('MW8004');
  });
});
