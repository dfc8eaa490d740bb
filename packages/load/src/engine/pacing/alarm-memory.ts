/** What an alarm shares with its thread: the moment, and how often it has been set. */
export interface AlarmMemory {
  readonly version: Int32Array<SharedArrayBuffer>;
  readonly deadlineNs: Float64Array<SharedArrayBuffer>;
}

export function alarmMemory(): AlarmMemory {
  const memory: AlarmMemory = {
    version: new Int32Array(new SharedArrayBuffer(4)),
    deadlineNs: new Float64Array(new SharedArrayBuffer(8)),
  };
  memory.deadlineNs[0] = Number.POSITIVE_INFINITY;
  return memory;
}

export function deadlineOf({ deadlineNs }: AlarmMemory): number {
  return deadlineNs[0] ?? Number.POSITIVE_INFINITY;
}

/** The version is written last: who sees it changed sees the moment that belongs to it, or a newer one. */
export function setDeadline({ version, deadlineNs }: AlarmMemory, atNs: number): void {
  deadlineNs[0] = atNs;
  Atomics.add(version, 0, 1);
  Atomics.notify(version, 0);
}
