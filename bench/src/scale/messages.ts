/** What the processes of this bench are told and say, a line of JSON each. Times are milliseconds of CLOCK_MONOTONIC. */
import type { Resource } from '@meshwise/resources';
import type { ScaleChange } from './objects.ts';

export type ServerCommand = { readonly kind: 'apply'; readonly resources: readonly Resource[] };
export type ServerAnswer = { readonly kind: 'ready' } | { readonly kind: 'applied' };

/** Where clients connect: a directory with a socket for each, or one TCP address for all. */
export type Target = { readonly directory: string } | { readonly host: string; readonly port: number };

export type ClientsCommand =
  /** Answered by `connected` when every client has acknowledged everything it asked for. */
  | { readonly kind: 'connect'; readonly target: Target }
  /** Answered by `armed`, and by `seen` when every client whom it concerns has acknowledged the change. */
  | ({ readonly kind: 'await' } & Pick<ScaleChange, 'marker' | 'types' | 'concerns'>)
  /** Answered by `received`. */
  | { readonly kind: 'count' };

export interface Seen {
  /** When the last client had sent its last acknowledgement. */
  readonly atMs: number;
  readonly receivedBytes: number;
}

export type ClientsAnswer =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'connected'; readonly retries: number } & Seen)
  | { readonly kind: 'armed' }
  | ({ readonly kind: 'seen' } & Seen)
  /** How many clients were sent anything since `armed`, whatever it was. */
  | { readonly kind: 'received'; readonly clients: number; readonly bytes: number }
  | { readonly kind: 'failed'; readonly message: string };

/** The same clock in every process of the machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function socketOf(directory: string, client: number): string {
  return `${directory}/${client}.sock`;
}
