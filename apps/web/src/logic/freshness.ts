import { formatAge } from './time.ts';

/** How often the stream proves that it is alive when nothing changes (see PATHS). */
export const HEARTBEAT_MS = 10_000;
const MISSED_INTERVALS = 2;
/** Updates come at most once a second, so a measurement may be this much older than its interval without being late. */
const UPDATE_SPACING_MS = 1000;

export interface Connection {
  readonly phase: 'connecting' | 'live' | 'reconnecting' | 'paused';
  /** When something last came from the daemon, on the browser's clock. */
  readonly heardAtMs: number | undefined;
  /** Identifies the last update; the stream resumes from it. */
  readonly lastEventId: string | undefined;
}

export interface Measurement {
  /** When rates were read, on the browser's clock; undefined before the first time. */
  readonly measuredAtMs: number | undefined;
  readonly intervalMs: number;
}

export interface Freshness {
  readonly tone: 'connecting' | 'live' | 'late' | 'reconnecting' | 'paused';
  /** Numbers on the page no longer describe the present: draw them grey. */
  readonly stale: boolean;
  readonly label: string;
  /** The whole story, for the tooltip and for screen readers. */
  readonly detail: string;
}

/** Late after two missed heartbeats or two missed measurements, whichever is noticed first. */
export function freshness(connection: Connection, measurement: Measurement | undefined, nowMs: number): Freshness {
  const heardAgeMs = connection.heardAtMs === undefined ? undefined : nowMs - connection.heardAtMs;
  const age = heardAgeMs === undefined ? undefined : formatAge(heardAgeMs);
  switch (connection.phase) {
    case 'connecting':
      return { tone: 'connecting', stale: false, label: 'connecting', detail: 'Connecting to the daemon' };
    case 'paused':
      return {
        tone: 'paused',
        stale: true,
        label: age === undefined ? 'paused' : `paused · ${age} ago`,
        detail: 'Live updates are paused; press Space to go on',
      };
    case 'reconnecting': {
      const resume = connection.lastEventId === undefined ? '' : ` (resuming from #${connection.lastEventId})`;
      return {
        tone: 'reconnecting',
        stale: true,
        label: age === undefined ? 'reconnecting' : `reconnecting · ${age} ago`,
        detail: `The daemon does not answer; reconnecting${resume}`,
      };
    }
    case 'live':
      return liveFreshness(heardAgeMs ?? 0, measurement, nowMs);
  }
}

function liveFreshness(heardAgeMs: number, measurement: Measurement | undefined, nowMs: number): Freshness {
  const age = formatAge(heardAgeMs);
  if (heardAgeMs > MISSED_INTERVALS * HEARTBEAT_MS) {
    const detail = `Nothing heard for ${age}; expected every ${formatAge(HEARTBEAT_MS)}`;
    return { tone: 'late', stale: true, label: `late · ${age} ago`, detail };
  }
  if (measurement?.measuredAtMs !== undefined) {
    const measuredAgeMs = nowMs - measurement.measuredAtMs;
    if (measuredAgeMs > MISSED_INTERVALS * measurement.intervalMs + UPDATE_SPACING_MS) {
      const old = formatAge(measuredAgeMs);
      const detail = `Rates were last measured ${old} ago; expected every ${formatAge(measurement.intervalMs)}`;
      return { tone: 'late', stale: true, label: `rates ${old} old`, detail };
    }
  }
  return { tone: 'live', stale: false, label: `live · ${age} ago`, detail: `Connected; last heard ${age} ago` };
}
