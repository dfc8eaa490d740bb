import type { Answer } from './answer.ts';
import type { ReceiveWindow } from './receive-window.ts';

/** A request under way with its answer. */
export interface Stream {
  readonly id: number;
  readonly token: number;
  readonly answer: Answer;
  readonly received: ReceiveWindow;
  readonly body: Buffer | null;
  /** Of the body. */
  sentBytes: number;
  /** How much of the body the server is ready to take; below zero when it changed its mind. */
  sendWindow: number;
}
