import { MeshwiseError } from '@meshwise/core';
import { type LabelRequirement, matchesLabels, parseLabelSelector } from '../label-selector.ts';
import type { GroupKind, WatchEvent, WatchOptions } from '../store.ts';
import type { StoredEvent, Tables } from './tables.ts';
import type { WatchHub } from './watch-hub.ts';

const batchSize = 256;

/**
 * Follows the event log from a resource version. The log is read in batches when the consumer asks for more: a consumer
 * that is too slow falls off the end of the log and gets MW2003, like one that comes back too late.
 */
export async function* watchEvents(
  tables: Tables,
  hub: WatchHub,
  kind: GroupKind | undefined,
  options: WatchOptions,
  bookmarkMs: number,
): AsyncGenerator<WatchEvent> {
  const selector = parseLabelSelector(options.labelSelector ?? '');
  let cursor = parseVersion(options.resourceVersion);
  while (!options.signal.aborted) {
    if (cursor < tables.compacted || cursor > tables.version) throw tooOld(options.resourceVersion, tables);
    const events = tables.events(kind, cursor, batchSize);
    for (const event of events) {
      cursor = event.version;
      const seen = project(event, options.namespace, selector);
      if (seen !== undefined) yield seen;
      if (options.signal.aborted) return;
    }
    if (events.length > 0) continue;
    // Nothing was awaited since the log was read: no change can fall between the two.
    cursor = tables.version;
    const wake = await hub.wait(kind, bookmarkMs, options.signal);
    if (wake.reason === 'end') return;
    // Up to the change that woke us there was nothing of this kind, so changes of other kinds cannot make us too late.
    if (wake.reason === 'change') cursor = wake.version - 1;
    else if (tables.events(kind, cursor, 1).length === 0) {
      // Looked at again, since a change may have come between the timer and this line.
      cursor = tables.version;
      yield { type: 'BOOKMARK', resourceVersion: String(cursor) };
    }
  }
}

/** The event as one watch sees it: an object whose labels begin or cease to match is added or deleted for that watch. */
function project(
  event: StoredEvent,
  namespace: string | undefined,
  selector: readonly LabelRequirement[],
): WatchEvent | undefined {
  if (namespace !== undefined && namespace !== event.namespace) return undefined;
  const { type, resource, labelsBefore } = event;
  if (selector.length === 0) return { type, resource };
  const before = labelsBefore !== undefined && matchesLabels(selector, labelsBefore);
  const after = type !== 'DELETED' && matchesLabels(selector, resource.metadata.labels);
  if (!before && !after) return undefined;
  return { type: before ? (after ? 'MODIFIED' : 'DELETED') : 'ADDED', resource };
}

function parseVersion(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new MeshwiseError('MW1004', 'A watch begins at a resource version', {
    found: JSON.stringify(text),
    expected: 'the resource version of a list',
  });
}

function tooOld(wanted: string, tables: Tables): MeshwiseError {
  return new MeshwiseError('MW2003', 'The event log does not reach this resource version', {
    found: wanted,
    expected: `${tables.compacted} to ${tables.version}`,
  });
}
