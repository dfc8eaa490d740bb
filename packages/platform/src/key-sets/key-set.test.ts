import { describe, expect, test } from 'vitest';
import { readKeySet } from './key-set.ts';

const rsa = { kty: 'RSA', n: 'x', e: 'AQAB' };
const ec = { kty: 'EC', crv: 'P-256' };

describe('a text', () => {
  test.each([
    ['with an RSA key', [rsa], [rsa]],
    ['with shared secrets, which everybody who verifies could sign with', [{ kty: 'oct', k: 'secret' }, ec], [ec]],
    [
      'with keys for encryption',
      [
        { ...rsa, use: 'enc' },
        { ...ec, use: 'sig' },
      ],
      [{ ...ec, use: 'sig' }],
    ],
    ['with what is no key', ['a', null, [], {}, rsa], [rsa]],
    ['without any key', [], []],
  ])('%s is a key set of those that can verify', (_, keys, expected) => {
    expect(readKeySet(JSON.stringify({ keys, more: 1 }))).toEqual({ keys: expected });
  });

  test.each([
    ['that is not JSON', '<html>', 'not a JSON object'],
    ['without keys', '{}', 'no list'],
    ['with keys that are no list', '{"keys":{}}', 'no list'],
  ])('%s is none', (_, text, reason) => {
    expect(readKeySet(text)).toEqual({ problem: expect.stringContaining(reason) });
  });
});
