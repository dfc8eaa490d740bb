import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSplitter } from './json-splitter.ts';

describe('a stream of JSON objects', () => {
  it('gives each object once it is complete, however the stream is cut', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 8 });
    fc.assert(
      fc.property(objects, fc.array(fc.nat(40)), fc.constantFrom('', '\n', '  \r\n'), (values, cuts, between) => {
        const text = values.map((value) => JSON.stringify(value, undefined, between === '' ? 0 : 2)).join(between);
        const splitter = new JsonSplitter();
        const seen: unknown[] = [];
        let position = 0;
        for (const cut of [...cuts, text.length]) {
          seen.push(...splitter.push(text.slice(position, position + cut)));
          position += cut;
        }
        expect(seen).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
      }),
    );
  });

  it('is not misled by braces and quotes inside strings', () => {
    expect(new JsonSplitter().push('{"a":"}{\\"}"}{"b":1}')).toEqual([{ a: '}{"}' }, { b: 1 }]);
  });
});
