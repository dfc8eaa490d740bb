import { MeshwiseError } from '@meshwise/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestInput } from './input.ts';
import { parseRequestFile } from './request-file.ts';

const token = fc.stringMatching(/^[!$%&'*+.^_`~0-9A-Za-z-]{1,12}$/);
const line = fc.stringMatching(/^[ -~]{0,20}$/);
const request: fc.Arbitrary<RequestInput> = fc
  .record({
    method: token,
    path: fc.webPath().map((path) => `/${path}`),
    weight: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
    headers: fc.array(
      fc.tuple(
        token,
        line.map((value) => value.trim()),
      ),
      { maxLength: 3 },
    ),
    body: fc.array(line, { maxLength: 3 }),
  })
  .map(({ method, path, weight, headers, body }) => ({
    method,
    path,
    ...(weight === undefined ? {} : { weight }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(body.length === 0 ? {} : { body: { encoding: 'utf8', content: body.join('\n') } }),
  }));

function linesOf({ method, path, weight, headers = [], body }: RequestInput): string {
  return [
    `${method} ${path}${weight === undefined ? '' : ` weight=${weight}`}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body?.content.split('\n').map((one) => `| ${one}`) ?? []),
  ].join('\n');
}

describe('a file of requests', () => {
  it('says in lines what it says', () => {
    const text = `
# What a visitor does.
GET /productpage weight=2.5

POST /reviews\r
  Content-Type: application/json
  | {
  |   "stars": 5
  |}
`;
    expect(parseRequestFile(text, 'a.txt')).toEqual([
      { method: 'GET', path: '/productpage', weight: 2.5 },
      {
        method: 'POST',
        path: '/reviews',
        headers: [['Content-Type', 'application/json']],
        body: { encoding: 'utf8', content: '{\n  "stars": 5\n}' },
      },
    ]);
  });

  it('says the same in lines and in JSON', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 5 }), fc.constantFrom('\n', '\n\n# x\n'), (all, gap) => {
        expect(parseRequestFile(JSON.stringify(all, null, 2), 'a.json')).toEqual(all);
        expect(parseRequestFile(all.map(linesOf).join(gap), 'a.txt')).toEqual(all);
      }),
    );
  });

  it.each([
    ['not a request', 3, 'GET /\n\nGET'],
    ['not a request', 1, 'G@T /'],
    ['not a request', 1, 'GET / HTTP/1.1'],
    ['not a weight', 2, 'GET /\nGET / weight=0'],
    ['a header or body without a request before it', 2, '# x\naccept: a'],
    ['a header or body without a request before it', 1, '| x'],
    ['no request in it', 1, '# nothing\n'],
    ['too many requests', 1_001, 'GET /\n'.repeat(1_001)],
    ['not JSON', 3, '[\n{"path": "/"},\n{path: "/"}]'],
    ['not JSON', 2, '[{"path": "/"}\n'],
    ['must be number', 3, '[{},\n\n{"weight": "2"}]'],
    ['must not have fewer than 1 items', 1, '[]'],
    ['no such field', 2, '[{},\n{"header": []}]'],
  ])('is refused (%s) with its name and line %s', (summary, at, text) => {
    expect(errorOf(text)).toMatchObject({ code: 'MW8001', summary, details: { file: 'a.txt', line: at } });
  });

  it('names the field of JSON', () => {
    expect(errorOf('[{}, {"headers": [["a"]]}]').details.field).toBe('[1].headers[0]');
    expect(errorOf('[{"metod": "GET"}]').details.field).toBe('[0].metod');
  });

  it('is refused when it is too large, before it is read', () => {
    expect(errorOf('#'.repeat((16 << 20) + 1))).toMatchObject({ code: 'MW1002', details: { file: 'a.txt' } });
  });

  it('never throws anything else, and never shows what it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `[${text}`),
          fc.json(),
        ),
        (text) => {
          try {
            parseRequestFile(`${text}\nsecret`, 'a.txt');
          } catch (error) {
            expect(error).toBeInstanceOf(MeshwiseError);
            expect(String(error)).not.toContain('secret');
          }
        },
      ),
    );
  });
});

function errorOf(text: string): MeshwiseError {
  try {
    parseRequestFile(text, 'a.txt');
  } catch (error) {
    if (error instanceof MeshwiseError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
