import { expect, test } from 'vitest';
import { parseYamlValue } from './yaml-value.ts';

test('a YAML or JSON document in a string is its value; nothing is null', () => {
  expect(parseYamlValue('a: [1, yes]\n')).toEqual({ value: { a: [1, true] } });
  expect(parseYamlValue('{"a": "x"}')).toEqual({ value: { a: 'x' } });
  expect(parseYamlValue('')).toEqual({ value: null });
});

test('what is broken, too long or more than one document is said', () => {
  expect(parseYamlValue('a: [')).toMatchObject({ problem: expect.stringMatching(/^is not YAML: /) });
  expect(parseYamlValue('a: 1\n---\nb: 2\n')).toEqual({ problem: 'has more than one document' });
  expect(parseYamlValue('a: 12345', { maxBytes: 4 })).toEqual({ problem: 'has more than 4 bytes' });
});

test('aliases of aliases end at the limit', () => {
  const bomb = [
    'a: &a [x]',
    ...'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`).join(',')}]`),
  ];
  expect(parseYamlValue(bomb.join('\n'))).toHaveProperty('problem');
});
