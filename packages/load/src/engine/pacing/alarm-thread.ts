import { parentPort, workerData } from 'node:worker_threads';
import { systemTimeSource } from '../time-source.ts';
import { type AlarmMemory, deadlineOf } from './alarm-memory.ts';

/** What a sleeping thread is late by: the kernel's slack for timers, and the way back. */
const WAKE_NS = 70_000;

/** Sleeps until the moment that is set, says so, and waits for the next. A newer moment ends a sleep. */
function serve(memory: AlarmMemory): never {
  for (;;) {
    const version = Atomics.load(memory.version, 0);
    const leftNs = deadlineOf(memory) - systemTimeSource.nowNs() - WAKE_NS;
    const isNewer = leftNs > 0 && Atomics.wait(memory.version, 0, version, leftNs / 1e6) !== 'timed-out';
    if (isNewer) continue;
    parentPort?.postMessage(null);
    Atomics.wait(memory.version, 0, version);
  }
}

serve(workerData as AlarmMemory);
