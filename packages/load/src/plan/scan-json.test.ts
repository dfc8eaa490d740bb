import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, scanJson } from './scan-json.ts';

/** JSON with a character left out, put in or replaced somewhere. */
const almostJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.nat(),
    fc.nat(1),
    fc.constantFrom('', '"', ',', '[', '}', '\\', '0', '.', '\n', '\u0001', '😀'),
  )
  .map(
    ([text, at, cut, put]) =>
      `${text.slice(0, at % (text.length + 1))}${put}${text.slice((at % (text.length + 1)) + cut)}`,
  );

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('scanning JSON', () => {
  it('finds something wrong where JSON.parse does, and only there', () => {
    fc.assert(
      fc.property(fc.oneof(almostJson, fc.json()), (text) => {
        expect(scanJson(text).wrongAt === undefined).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds where each element of the outermost array begins', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(undefined, 2), (values, indent) => {
        const text = JSON.stringify(values, null, indent);
        const { elements } = scanJson(text);
        expect(elements).toHaveLength(values.length);
        for (const [at, offset] of elements.entries()) {
          const end = elements[at + 1] === undefined ? text.length - 1 : text.lastIndexOf(',', elements[at + 1]);
          expect(JSON.parse(text.slice(offset, end))).toEqual(JSON.parse(JSON.stringify(values[at])));
        }
      }),
    );
  });

  it('says where it is wrong', () => {
    expect(scanJson('[1, 2x]').wrongAt).toBe(5);
    expect(lineOf('[1,\n2x]', 5)).toBe(2);
  });

  it('does not go down forever, and gets through strings of megabytes', () => {
    expect(scanJson('['.repeat(100_000)).wrongAt).toBe(65);
    expect(scanJson(JSON.stringify(['\n'.repeat(2 << 20)])).wrongAt).toBeUndefined();
  });
});
