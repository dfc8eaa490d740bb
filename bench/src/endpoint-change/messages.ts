/** What servers and clients of this bench are told and say, a line of JSON each. The Go peer knows the same ones. */
export interface EncodedMessage {
  /** Type URL. */
  readonly type: string;
  readonly name: string;
  /** Base64. */
  readonly value: string;
}

/** Which service's endpoints change, and for the how manyth time. */
export interface SliceChange {
  readonly index: number;
  readonly changes: number;
}

export type ServerCommand =
  /** Takes these resources for all clients; ours reads its own from the model instead. Answered by `ready`. */
  | { readonly kind: 'load'; readonly resources: readonly EncodedMessage[] }
  /** Answered by `go`, and by `initial` when all clients have acknowledged clusters, endpoints and listeners. */
  | { readonly kind: 'awaitInitial'; readonly clients: number }
  /** Answered by `changed` when all clients have acknowledged the changed endpoints. */
  | {
      readonly kind: 'change';
      readonly clients: number;
      readonly slice: SliceChange;
      readonly resources: readonly EncodedMessage[];
    };

export interface Measured {
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly pushedBytes: number;
}

export type ServerAnswer =
  | ({ readonly kind: 'ready' } & Pick<Measured, 'rssBytes'>)
  | { readonly kind: 'go' }
  | ({ readonly kind: 'initial' } & Measured)
  | ({ readonly kind: 'changed' } & Measured);

export type ClientsCommand = { readonly kind: 'connect' };
export type ClientsAnswer = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly message: string };

/** The mesh of one cell of the table, which every process of the bench makes for itself from these numbers. */
export interface Cell {
  readonly services: number;
  readonly clients: number;
}

/** Argument of the clients' process. */
export interface ClientsArgument extends Cell {
  readonly directory: string;
  /** Each client has a socket of its own, as proxies of Meshwise do; else all use `all.sock`. */
  readonly ownSockets: boolean;
}

export function socketPath(directory: string, client: number | 'all'): string {
  return `${directory}/${client}.sock`;
}
