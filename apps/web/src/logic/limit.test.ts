import { expect, test } from 'vitest';
import { rowsToDraw } from './limit.ts';

test('no more rows are drawn than there are or than the limit allows', () => {
  expect(rowsToDraw(6, 150, -1)).toBe(6);
  expect(rowsToDraw(1000, 150, -1)).toBe(150);
});

test('the open row is drawn even when it lies behind the limit', () => {
  expect(rowsToDraw(1000, 150, 399)).toBe(400);
  expect(rowsToDraw(1000, 150, 3)).toBe(150);
});
