import { styleText } from 'node:util';
import type { CliContext, TextSink } from '../context.ts';

/** What a word says; the colour only repeats it, so nothing is lost without colours. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'head' | 'plain';

export type Paint = (text: string, tone: Tone) => string;

const STYLES = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  quiet: 'dim',
  head: 'bold',
} as const satisfies Record<Exclude<Tone, 'plain'>, string>;

const plain: Paint = (text) => text;
const coloured: Paint = (text, tone) =>
  tone === 'plain' ? text : styleText(STYLES[tone], text, { validateStream: false });

/**
 * Colours for a terminal, and only there. Off with --no-color, with a NO_COLOR that is not empty (no-color.org) and with
 * TERM=dumb; FORCE_COLOR turns them on for a pipe.
 */
export function paintFor(sink: TextSink, context: CliContext, colorOption: boolean): Paint {
  const { env } = context;
  if (!colorOption || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return plain;
  const forced = !['', '0'].includes(env['FORCE_COLOR'] ?? '');
  return sink.isTTY || forced ? coloured : plain;
}

const TONES: Readonly<Record<string, Tone>> = {
  healthy: 'good',
  ready: 'good',
  running: 'good',
  synced: 'good',
  created: 'good',
  configured: 'good',
  ok: 'good',
  yes: 'good',
  Running: 'good',
  Active: 'good',
  idle: 'quiet',
  unknown: 'quiet',
  unchanged: 'quiet',
  info: 'quiet',
  starting: 'warn',
  stopping: 'warn',
  degraded: 'warn',
  restarting: 'warn',
  warning: 'warn',
  absent: 'warn',
  Pending: 'warn',
  Terminating: 'warn',
  failing: 'bad',
  failed: 'bad',
  stopped: 'bad',
  rejected: 'bad',
  error: 'bad',
  no: 'bad',
  Failed: 'bad',
  CrashLoopBackOff: 'bad',
};

/** The tone of a word of state; words that are none stay plain. */
export function toneOf(word: string): Tone {
  return Object.hasOwn(TONES, word) ? (TONES[word] ?? 'plain') : 'plain';
}
