import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function split(maxLength: number, chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(maxLength, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  return lines;
}

describe('the line splitter', () => {
  it('finds the same lines however the bytes are cut', () => {
    const text = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' ')));
    fc.assert(
      fc.property(text, fc.array(fc.nat(20)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of cuts) {
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        chunks.push(bytes.subarray(at));
        expect(split(10_000, chunks)).toEqual(lines);
      }),
    );
  });

  it('hands over a line that is too long in parts, also before it has come to its end, since it may have none', () => {
    expect(split(4, [Buffer.from('abcd\nabc'), Buffer.from('defgh'), Buffer.from('ij\nx\n')])).toEqual([
      ...['abcd', 'abcd', 'efgh', 'ij', 'x'],
    ]);
    expect(split(4, [Buffer.from('aaaaabbbb')])).toEqual(['aaaa', 'abbb']);
  });
});
