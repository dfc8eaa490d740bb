import { inspect } from 'node:util';
import { MeshwiseError } from '@meshwise/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress } from './address.ts';

describe('the URL of a database', () => {
  it.each([
    ['postgres://me:secret@db.example:6000/results', 'results at db.example:6000'],
    ['postgresql://me@[::1]/results', 'results at ::1:5432'],
    ['postgres://me@/results?host=%2Frun%2Fpostgresql', 'results at /run/postgresql'],
    ['postgres://db.example/results?user=me&password=secret', 'results at db.example:5432'],
  ])('%s is named without its user', (url, place) => {
    expect(readAddress(url)).toEqual({ url, place });
  });

  it('means by sslmode what PostgreSQL says it means', () => {
    const url = 'postgres://db.example/results?sslmode=require';
    expect(readAddress(url).url).toBe(`${url}&uselibpqcompat=true`);
    expect(readAddress(`${url}&uselibpqcompat=true`).url).toBe(`${url}&uselibpqcompat=true`);
  });

  it.each([
    ['mysql://me:secret@db.example/results', 'does not begin with postgres://'],
    ['/run/postgresql secret', 'does not begin with postgres://'],
    ['postgres://me:12/secret@db.example/results', '%2F'],
    ['postgres://me:12?secret@db.example/results', '%3F'],
    ['postgres://me:12#secret@db.example/results', '%23'],
    ['postgres://me:secret@db.example:port/results', 'not a URL'],
    ['postgres://me:secret@db.example/results?sslmode=verify-ca', 'options are not possible together'],
    ['postgres://me:secret@db.example/results?sslmode=verify-full&sslrootcert=/no/ca.pem', '/no/ca.pem'],
  ])('%s is refused with the reason and without the password', (url, reason) => {
    const error = refusal(url);
    expect(error).toMatchObject({ code: 'MW8102', message: expect.stringContaining(reason) });
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  it('never shows a password, whatever is in it', () => {
    const character = fc.constantFrom(...'ab1%/:@#?&=[]\\ ');
    const password = fc.string({ unit: character, maxLength: 12 }).map((text) => `s3cret${text}s3cret`);
    fc.assert(
      fc.property(password, (text) => {
        for (const written of [text, encodeURIComponent(text)]) {
          const url = `postgres://me:${written}@db.example/results`;
          const shown = inspect(refusal(url) ?? readAddress(url).place, { depth: 9 });
          expect(shown).not.toContain('s3cret');
        }
      }),
    );
  });
});

function refusal(url: string): MeshwiseError | undefined {
  try {
    readAddress(url);
    return undefined;
  } catch (error) {
    return MeshwiseError.from(error);
  }
}
