import type { SparseHistogram } from '../histogram/sparse.ts';
import { ERROR_KINDS, type Interval } from '../result/interval.ts';
import { COUNTS, HISTOGRAMS } from '../result/totals.ts';
import type { FromWorker } from './contract.ts';

/**
 * One line of a worker, or null when it says nothing that a worker may say. A worker runs in another process, in another
 * network even, and what it sends is added up, stored and drawn: so its form is looked at here, once.
 */
export function readMessage(line: string, worker: number): FromWorker | null {
  const message = parse(line);
  if (!isRecord(message)) return null;
  switch (message['type']) {
    case 'ready': {
      const clockResolutionNs = message['clockResolutionNs'];
      return isCount(clockResolutionNs) ? { type: 'ready', clockResolutionNs } : null;
    }
    case 'interval': {
      const interval = message['interval'];
      return isInterval(interval) && interval.worker === worker ? { type: 'interval', interval } : null;
    }
    case 'done':
      return { type: 'done' };
    case 'failed':
      return { type: 'failed', error: message['error'] };
    default:
      return null;
  }
}

const NUMBERS = [...COUNTS, 'inFlight', 'backlog'] as const;
const GENERATOR_USE = ['elapsedMs', 'cpuMs', 'loopDelayMaxMs'];

function isInterval(value: unknown): value is Interval {
  if (!isRecord(value) || !Number.isSafeInteger(value['second'])) return false;
  const { generator, statuses, errors, errorSamples } = value;
  return (
    NUMBERS.every((name) => isCount(value[name])) &&
    HISTOGRAMS.every((name) => isHistogram(value[name])) &&
    isRecord(generator) &&
    GENERATOR_USE.every((name) => isCount(generator[name])) &&
    isRecord(statuses) &&
    Object.values(statuses).every(isCount) &&
    isOfKinds(errors, isCount) &&
    isOfKinds(errorSamples, (sample) => typeof sample === 'string')
  );
}

function isOfKinds(value: unknown, is: (entry: unknown) => boolean): boolean {
  const kinds: readonly string[] = ERROR_KINDS;
  return isRecord(value) && Object.entries(value).every(([kind, entry]) => kinds.includes(kind) && is(entry));
}

function isHistogram(value: unknown): value is SparseHistogram {
  if (!Array.isArray(value) || value.length % 2 !== 0) return false;
  return value.every(
    (entry, at) => Number.isSafeInteger(entry) && entry >= 0 && (at % 2 === 1 || at < 2 || entry > value[at - 2]),
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
