import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from './line-diff.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }).map((lines) => lines.join('\n'));
const side = (lines: readonly (string | undefined)[]) => lines.filter((line) => line !== undefined).join('\n');

test('both sides are whole, and only equal lines are called the same', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      expect(side(lines.map((line) => line.before))).toBe(before);
      expect(side(lines.map((line) => line.after))).toBe(after);
      for (const line of lines) expect(line.kind === 'same').toBe(line.before === line.after);
    }),
  );
});

test('a line that was replaced stands beside what replaces it', () => {
  expect(diffLines('a\nweight: 90\nb\n', 'a\nweight: 80\nb\nc\n')).toEqual([
    { kind: 'same', before: 'a', after: 'a' },
    { kind: 'changed', before: 'weight: 90', after: 'weight: 80' },
    { kind: 'same', before: 'b', after: 'b' },
    { kind: 'changed', before: undefined, after: 'c' },
  ]);
});
