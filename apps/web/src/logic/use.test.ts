import { expect, test } from 'vitest';
import { sumUse } from './use.ts';

test('uses add up', () => {
  const part = { cpuMillicores: 10, memoryBytes: 100 };
  expect(sumUse([part, null, part])).toEqual({ cpuMillicores: 20, memoryBytes: 200 });
});

test('without any process there is no use', () => {
  expect(sumUse([null, null])).toBeNull();
});

test('a sum with an unknown part is unknown', () => {
  const known = { cpuMillicores: 10, memoryBytes: 100 };
  expect(sumUse([known, { cpuMillicores: null, memoryBytes: 1 }])).toEqual({ cpuMillicores: null, memoryBytes: 101 });
});
