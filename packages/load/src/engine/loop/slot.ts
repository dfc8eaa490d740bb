import type { ErrorKind } from '../../result/interval.ts';
import type { Connection, ConnectionEvents } from '../connection.ts';

/** How a connection went. `kind` is null when in good order. */
export interface Loss {
  readonly kind: ErrorKind | null;
  readonly message: string;
  readonly wasOpen: boolean;
  /** It had answered something. */
  readonly wasUseful: boolean;
  /** It was opened for a request, which has failed with it. */
  readonly hadRequest: boolean;
}

/** What a slot tells about; the pool listens. */
export interface SlotEvents {
  opened(slot: Slot): void;
  room(slot: Slot): void;
  /** A request for which the connection was opened has gone out. */
  sentLater(token: number, bytes: number): void;
  done(slot: Slot, token: number, status: number, bytes: number, message?: string): void;
  failed(slot: Slot, token: number, kind: ErrorKind, message: string, bytes: number): void;
  lost(slot: Slot, how: Loss): void;
}

const NOTHING = -1;

/** The place of one connection, which may be replaced by another as often as need be. */
export class Slot implements ConnectionEvents {
  readonly #events: SlotEvents;
  #connection: Connection | null = null;
  #isOpen = false;
  #isUseful = false;
  /** A request that the connection was opened for. */
  #waitingRequest = NOTHING;
  #waitingToken = NOTHING;
  underWay = 0;
  /** Requests until the connection is replaced. */
  requestsLeft = Number.POSITIVE_INFINITY;
  /** Connections in a row that came to nothing. */
  failures = 0;
  /** Its place among the idle ones. */
  idleAt = NOTHING;

  constructor(events: SlotEvents) {
    this.#events = events;
  }

  get hasRoom(): boolean {
    return this.#connection !== null && this.#connection.capacity > 0 && this.requestsLeft > 0;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get hasConnection(): boolean {
    return this.#connection !== null;
  }

  /** Whether this connection has answered anything. */
  get isUseful(): boolean {
    return this.#isUseful;
  }

  open(connect: (events: ConnectionEvents) => Connection, requests: number): void {
    this.#isOpen = false;
    this.#isUseful = false;
    this.requestsLeft = requests;
    this.#connection = connect(this);
  }

  /** Sends now, or as soon as the connection is open. Answers with the bytes, which are not known in the second case. */
  send(request: number, token: number): number {
    this.underWay += 1;
    this.requestsLeft -= 1;
    if (this.#connection !== null && this.#isOpen) return this.#connection.send(request, token);
    this.#waitingRequest = request;
    this.#waitingToken = token;
    return 0;
  }

  abandon(token: number): void {
    this.underWay -= 1;
    if (token !== this.#waitingToken) this.#connection?.abandon(token);
    else {
      this.close();
      this.#events.lost(this, { kind: null, message: '', wasOpen: false, wasUseful: false, hadRequest: true });
    }
  }

  /** Without an event. */
  close(): void {
    this.#connection?.close();
    this.#connection = null;
    this.#isOpen = false;
    this.#waitingToken = NOTHING;
    this.underWay = 0;
  }

  free(connection: Connection): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#events.opened(this);
      if (this.#waitingToken !== NOTHING) {
        const token = this.#waitingToken;
        this.#waitingToken = NOTHING;
        this.#events.sentLater(token, connection.send(this.#waitingRequest, token));
      }
    }
    if (this.hasRoom) this.#events.room(this);
  }

  done(_connection: Connection, token: number, status: number, bytes: number, message?: string): void {
    this.underWay -= 1;
    this.#isUseful = true;
    this.failures = 0;
    this.#events.done(this, token, status, bytes, message);
  }

  failed(_connection: Connection, token: number, kind: ErrorKind, message: string, bytes: number): void {
    this.underWay -= 1;
    this.#events.failed(this, token, kind, message, bytes);
  }

  closed(_connection: Connection, kind: ErrorKind | null, message: string): void {
    const waiting = this.#waitingToken;
    const how = { kind, message, wasOpen: this.#isOpen, wasUseful: this.#isUseful, hadRequest: waiting !== NOTHING };
    this.close();
    if (waiting !== NOTHING) this.#events.failed(this, waiting, kind ?? 'closed', message, 0);
    this.#events.lost(this, how);
  }
}
