import type { PathVariant } from '../record/run-record.ts';

export const VARIANT_TITLES: Readonly<Record<PathVariant, string>> = {
  none: 'No sidecar',
  server: 'Server’s sidecar',
  both: 'Both sidecars',
};

/** What the one way has over the other, by `from-to`. */
export const ADDED_WORDS: Readonly<Record<string, string>> = {
  'none-server': 'server’s sidecar over none',
  'none-both': 'both sidecars over none',
  'server-both': 'both over the server’s',
};
