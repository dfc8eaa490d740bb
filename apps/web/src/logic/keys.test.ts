import { expect, test } from 'vitest';
import { NAV_ITEMS } from '../shell/nav-items.ts';
import { KEY_HELP, type KeyPress, readKey } from './keys.ts';

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrl: false, meta: false, alt: false, typing: false, onControl: false, inDialog: false, ...change };
}

test('g waits for a letter, and the letter goes there', () => {
  expect(readKey(press('g'), false)).toEqual({ pending: true });
  expect(readKey(press('s'), true)).toEqual({ action: { kind: 'go', path: '/services' }, pending: false });
  expect(readKey(press('x'), true)).toEqual({ pending: false });
});

test('single letters belong to the field one types in', () => {
  for (const key of ['/', '?', ' ', 'g', 'r', 'h']) {
    expect(readKey(press(key, { typing: true }), false)).toEqual({ pending: false });
  }
});

test('Ctrl K and Cmd K reach the search even from a field', () => {
  expect(readKey(press('k', { ctrl: true, typing: true }), false).action).toEqual({ kind: 'search' });
  expect(readKey(press('K', { meta: true }), false).action).toEqual({ kind: 'search' });
  expect(readKey(press('k'), false).action).toEqual({ kind: 'row', step: -1 });
});

test("the browser's own shortcuts are left alone", () => {
  expect(readKey(press('r', { ctrl: true }), false).action).toBeUndefined();
  expect(readKey(press('h', { meta: true }), false).action).toBeUndefined();
});

test('Space presses the button it is on, and pauses elsewhere', () => {
  expect(readKey(press(' ', { onControl: true }), false).action).toBeUndefined();
  expect(readKey(press(' '), false).action).toEqual({ kind: 'pause' });
});

test('an open dialog keeps its keys', () => {
  expect(readKey(press('/', { inDialog: true }), false).action).toBeUndefined();
  expect(readKey(press('k', { ctrl: true, inDialog: true }), false).action).toBeUndefined();
});

test('every key in the help does something, and every destination is in the help', () => {
  const BY_BROWSER = new Set(['Enter', 'Esc']);
  const entries = KEY_HELP.flatMap((group) => group.keys).filter(({ keys }) => !BY_BROWSER.has(keys[0] ?? ''));
  for (const { keys } of entries) {
    const [first = '', second] = keys.map((key) => (key === 'Space' ? ' ' : key));
    const result =
      second === undefined
        ? readKey(press(first), false)
        : readKey(press(second), readKey(press(first), false).pending);
    expect(result.action, keys.join(' ')).toBeDefined();
  }
  expect(entries.filter(({ keys }) => keys.length === 2)).toHaveLength(NAV_ITEMS.length);
});
