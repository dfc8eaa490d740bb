import type { Resource } from '@meshwise/resources';
import type { Target } from './messages.ts';

/** A control plane that has its mesh and waits for proxies. */
export interface Side {
  readonly name: string;
  readonly pid: number;
  readonly target: Target;
  /** Returns when the change has been taken; that it arrives, the clients say. */
  apply(resources: readonly Resource[]): Promise<void>;
  stop(): Promise<void>;
}
