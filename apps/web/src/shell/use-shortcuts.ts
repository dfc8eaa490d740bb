import { useEffect, useRef } from 'react';
import { type Action, type KeyPress, readKey } from '../logic/keys.ts';

/** Listens for the page's keys. What they mean is decided in logic/keys. */
export function useShortcuts(act: (action: Action) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    let pending = false;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || MODIFIERS.has(event.key)) return;
      const result = readKey(describe(event), pending);
      pending = result.pending;
      if (result.action === undefined) return;
      event.preventDefault();
      latest.current(result.action);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Pressed on the way to `?` and others; they must not end a sequence. */
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta']);

function describe(event: KeyboardEvent): KeyPress {
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  return {
    key: event.key,
    ctrl: event.ctrlKey,
    meta: event.metaKey,
    alt: event.altKey,
    typing: target?.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') ?? false,
    onControl: target?.matches('button, input, summary, [role=button]') ?? false,
    inDialog: target?.closest('[role=dialog]') !== null && target !== undefined,
  };
}

/** Moves the focus to the next or previous row of the page's tables. */
export function stepRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.mw-row-open')];
  const current = rows.indexOf(document.activeElement as HTMLElement);
  const next = current === -1 ? (step === 1 ? 0 : rows.length - 1) : current + step;
  rows[next]?.focus();
}
