import { onTestFinished } from 'vitest';
import type { Connection, PrepareProtocol } from '../engine/connection.ts';
import { prepareRequest } from '../engine/prepared-request.ts';
import { targetOf } from '../engine/target.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { ErrorKind } from '../result/interval.ts';

export type Answered =
  | { readonly status: number; readonly bytes: number; readonly message: string }
  | { readonly kind: ErrorKind; readonly message: string; readonly bytes: number };

interface Ended {
  readonly kind: ErrorKind | null;
  readonly message: string;
}

/** One connection of a protocol, asked by hand: what a loop does, without its time. */
export class Conversation {
  readonly connection: Connection;
  /** Tokens in the order in which something was said about them. */
  readonly events: number[] = [];
  readonly closed: Promise<Ended>;
  readonly #closed = Promise.withResolvers<Ended>();
  readonly #waiting = new Map<number, (answer: Answered) => void>();
  #room = Promise.withResolvers<void>();
  #nextToken = 1;

  private constructor(prepare: PrepareProtocol, plan: LoadPlan) {
    const protocol = prepare(targetOf(plan), plan.requests.map(prepareRequest), {
      maxHeadBytes: plan.maxHeadBytes,
      maxBodyBytes: plan.maxBodyBytes,
      streamsPerConnection: plan.connections.streamsPerConnection,
    });
    this.closed = this.#closed.promise;
    this.connection = protocol.open({
      free: () => this.#wake(),
      done: (_, token, status, bytes, message = '') => this.#settle(token, { status, bytes, message }),
      failed: (_, token, kind, message, bytes) => this.#settle(token, { kind, message, bytes }),
      closed: (_, kind, message) => {
        this.#closed.resolve({ kind, message });
        this.#wake();
      },
    });
    onTestFinished(() => this.connection.close());
  }

  /** Resolves when it is open, or could not be. */
  static async open(prepare: PrepareProtocol, plan: LoadPlan): Promise<Conversation> {
    const conversation = new Conversation(prepare, plan);
    await conversation.#room.promise;
    return conversation;
  }

  /** Sends the first request of the plan as soon as there is room. */
  async ask(): Promise<Answered> {
    while (this.connection.capacity === 0) await this.#room.promise;
    const token = this.#nextToken++;
    const answer = Promise.withResolvers<Answered>();
    this.#waiting.set(token, answer.resolve);
    this.connection.send(0, token);
    return answer.promise;
  }

  #settle(token: number, answer: Answered): void {
    this.events.push(token);
    this.#waiting.get(token)?.(answer);
    this.#waiting.delete(token);
  }

  #wake(): void {
    const { resolve } = this.#room;
    this.#room = Promise.withResolvers<void>();
    resolve();
  }
}
