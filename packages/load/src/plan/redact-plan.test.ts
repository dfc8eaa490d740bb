import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadInputs } from '../testing/load-inputs.ts';
import { completePlan } from './complete-plan.ts';
import { isSecretHeader, redactPlan, WITHHELD } from './redact-plan.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----';

describe('a plan without secrets', () => {
  it('has neither key nor credentials, and everything else', () => {
    const headers: [string, string][] = [
      ['Authorization', 'Bearer s1'],
      ['cookie', 's2'],
      ['Proxy-Authorization', 's3'],
      ['X-API-Key', 's4'],
      ['X-Auth-Token', 's5'],
      ['private-token', 's6'],
      ['x-csrf-token', 's7'],
      ['X-Amz-Security-Token', 's8'],
      ['api-key', 's9'],
      ['x-client-secret', 's10'],
      ['accept', 'text/html'],
    ];
    const input = { requests: [{ headers }], tls: { certificate: CERTIFICATE, key: KEY } };
    const plan = completePlan(input, 'https://shop.test/', { cores: 1, seed: 1 });
    const redacted = redactPlan(plan);
    expect(redacted.requests[0]?.headers.map(([, value]) => value)).toEqual([...Array(10).fill(WITHHELD), 'text/html']);
    expect(redacted.tls).toEqual({ ...plan.tls, key: WITHHELD });
    expect({ ...redacted, tls: 0, requests: 0 }).toEqual({ ...plan, tls: 0, requests: 0 });
    expect(plan.tls?.key).toBe(KEY);
  });

  it('does not invent a key that was not there', () => {
    const plan = completePlan({}, 'https://shop.test/', { cores: 1, seed: 1 });
    expect(redactPlan(plan)).toEqual(plan);
  });

  it('withholds once and for all', () => {
    fc.assert(
      fc.property(loadInputs, (input) => {
        const redacted = redactPlan(completePlan(input, 'http://127.0.0.1:1234/', { cores: 2, seed: 1 }));
        const secret = redacted.requests.flatMap(({ headers }) => headers.filter(([name]) => isSecretHeader(name)));
        expect(secret.every(([, value]) => value === WITHHELD)).toBe(true);
        expect(redactPlan(redacted)).toEqual(redacted);
      }),
    );
  });
});
