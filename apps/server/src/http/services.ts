import type { Clock, Logger } from '@meshwise/core';
import type { MeshModel } from '@meshwise/model';
import type { Capture, ProxyManager } from '@meshwise/platform';
import type { ResourceStore, TransactionalStore } from '@meshwise/resources';
import type { Attachments } from '../attach/attachments.ts';
import type { IdentityOperations } from '../identity/operations.ts';
import type { Judge } from '../operations/judge.ts';
import type { TapHub } from '../operations/tap.ts';
import type { Measuring } from '../perf/measuring.ts';
import type { ShiftHistory } from '../shift/history.ts';
import type { StatusHub } from '../status/status-hub.ts';
import type { TrafficRecorder } from '../traffic-metrics/recorder.ts';
import type { Authority } from './auth.ts';

/** What the routes work on. */
export interface ApiServices {
  readonly store: TransactionalStore & ResourceStore;
  readonly judge: Judge;
  readonly status: StatusHub;
  readonly proxies: ProxyManager;
  readonly attachments: Attachments;
  readonly capture: Capture;
  readonly model: MeshModel;
  readonly authority: Authority;
  readonly taps: TapHub;
  readonly measuring: Measuring;
  readonly shiftHistory: ShiftHistory;
  readonly traffic: Pick<TrafficRecorder, 'window'>;
  readonly identity: IdentityOperations;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logDirectory: string;
  readonly uiAddress: () => string;
  /** Stops the mesh and the daemon; answers at once. */
  readonly shutDown: () => void;
  /** Aborts when the daemon stops, so that streams end. */
  readonly stopping: AbortSignal;
}
