import type { PagePath } from './attention.ts';

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  /** Focus is in a field: single letters belong to it. */
  readonly typing: boolean;
  /** Focus is on something Space or Enter operates. */
  readonly onControl: boolean;
  /** A dialog is open: only its own keys work. */
  readonly inDialog: boolean;
}

export type Action =
  | { readonly kind: 'search' | 'help' | 'pause' | 'refresh' | 'problems' | 'table' }
  | { readonly kind: 'go'; readonly path: PagePath }
  | { readonly kind: 'row'; readonly step: 1 | -1 };

export interface KeyResult {
  readonly action?: Action;
  /** `g` was pressed and waits for the second letter. */
  readonly pending: boolean;
}

const GO: Readonly<Record<string, PagePath>> = {
  o: '/',
  t: '/topology',
  s: '/services',
  w: '/workloads',
  p: '/proxies',
  g: '/gateways',
  c: '/conditions',
  f: '/performance',
  r: '/shifts',
  a: '/security',
};

const PLAIN: Readonly<Record<string, Action>> = {
  '/': { kind: 'search' },
  '?': { kind: 'help' },
  ' ': { kind: 'pause' },
  r: { kind: 'refresh' },
  t: { kind: 'table' },
  T: { kind: 'table' },
  h: { kind: 'problems' },
  H: { kind: 'problems' },
  j: { kind: 'row', step: 1 },
  k: { kind: 'row', step: -1 },
};

/** What a key press means. Pure, so that the table above, the help and the behaviour cannot drift apart unnoticed. */
export function readKey(press: KeyPress, pending: boolean): KeyResult {
  if (press.inDialog) return { pending: false };
  if ((press.ctrl || press.meta) && !press.alt && press.key.toLowerCase() === 'k') {
    return { action: { kind: 'search' }, pending: false };
  }
  if (press.typing || press.ctrl || press.meta || press.alt) return { pending: false };
  if (pending) {
    const path = GO[press.key];
    return path === undefined ? { pending: false } : { action: { kind: 'go', path }, pending: false };
  }
  if (press.key === 'g') return { pending: true };
  if (press.key === ' ' && press.onControl) return { pending: false };
  const action = PLAIN[press.key];
  return action === undefined ? { pending: false } : { action, pending: false };
}

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly text: string;
}

export const KEY_HELP: readonly { readonly title: string; readonly keys: readonly KeyHelp[] }[] = [
  {
    title: 'Go to',
    keys: [
      { keys: ['g', 'o'], text: 'Overview' },
      { keys: ['g', 't'], text: 'Topology' },
      { keys: ['g', 's'], text: 'Services' },
      { keys: ['g', 'w'], text: 'Workloads' },
      { keys: ['g', 'p'], text: 'Proxies' },
      { keys: ['g', 'g'], text: 'Gateways' },
      { keys: ['g', 'c'], text: 'Conditions' },
      { keys: ['g', 'f'], text: 'Performance' },
      { keys: ['g', 'r'], text: 'Rollouts: traffic shifts' },
      { keys: ['g', 'a'], text: 'Access: who may call whom' },
    ],
  },
  {
    title: 'On a page',
    keys: [
      { keys: ['/'], text: 'Search (also Ctrl K)' },
      { keys: ['h'], text: 'Problems only, or everything' },
      { keys: ['t'], text: 'Pictures as tables, and back' },
      { keys: ['j'], text: 'Next row' },
      { keys: ['k'], text: 'Previous row' },
      { keys: ['Enter'], text: 'Open the row' },
      { keys: ['Esc'], text: 'Close, or clear the search' },
    ],
  },
  {
    title: 'Live data',
    keys: [
      { keys: ['Space'], text: 'Pause and go on' },
      { keys: ['r'], text: 'Refresh now' },
      { keys: ['?'], text: 'This help' },
    ],
  },
];
