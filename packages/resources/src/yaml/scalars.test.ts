import { describe, expect, it } from 'vitest';
import { resolvePlain } from './scalars.ts';

describe('Plain scalars', () => {
  it.each([
    ['yes', true],
    ['On', true],
    ['y', true],
    ['TRUE', true],
    ['no', false],
    ['off', false],
    ['N', false],
    ['~', null],
    ['', null],
    ['Null', null],
    ['014', 12],
    ['0o14', 12],
    ['0x1F', 31],
    ['0b101', 5],
    ['-0b11', -3],
    ['1_000', 1000],
    ['+12', 12],
    ['08', 8],
    ['1e3', 1000],
    ['1.', 1],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['685_230.15', 685230.15],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.INF', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
  ])('reads %j as Kubernetes does: %j', (text, value) => {
    expect(resolvePlain(text)).toBe(value);
  });

  it.each([
    'yEs',
    'tRUE',
    '12:30:45',
    '2001-12-14',
    '2001-12-14T21:59:43Z',
    '1.2.3',
    '0o8',
    'nULL',
    '.',
    '-',
    '+',
    '1e',
    'v1',
  ])('leaves %j as text', (text) => {
    expect(resolvePlain(text)).toBe(text);
  });
});
