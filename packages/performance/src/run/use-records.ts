import type { UseRecord } from '../record/run-record.ts';
import type { UseReading } from './ports.ts';

export interface TimedReadings {
  readonly atMs: number;
  readonly readings: readonly UseReading[];
}

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Point {
  readonly atMs: number;
  /** Since the first reading, over restarts. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

interface Participant extends Pick<UseReading, 'role' | 'name'> {
  readonly points: Point[];
  lastCpuMs: number;
}

/** Readings closer than this say little of a rate: the kernel counts CPU time in steps of some milliseconds. */
const SHORTEST_STEP_MS = 500;

/**
 * What everyone used in the measured time. Readings do not fall on its ends exactly, so the CPU time there is taken from the line
 * between the readings before and after. One that restarts counts from zero again, and what it used is added up; one that appears
 * late, or leaves early, counts for the time in which it was seen.
 */
export function useRecords(log: readonly TimedReadings[], window: Window, completed: number): UseRecord[] {
  const participants = new Map<string, Participant>();
  for (const { atMs, readings } of log) {
    for (const reading of readings) addReading(participants, atMs, reading);
  }
  return [...participants.values()]
    .map((participant) => recordOf(participant, window, completed))
    .sort((a, b) => a.role.localeCompare(b.role) || a.name.localeCompare(b.name));
}

function addReading(participants: Map<string, Participant>, atMs: number, reading: UseReading): void {
  const { role, name, cpuMs, memoryBytes } = reading;
  const key = `${role}/${name}`;
  const participant = participants.get(key) ?? { role, name, points: [], lastCpuMs: cpuMs };
  participants.set(key, participant);
  const before = participant.points.at(-1)?.cpuMs ?? 0;
  const used = cpuMs >= participant.lastCpuMs ? cpuMs - participant.lastCpuMs : cpuMs;
  participant.lastCpuMs = cpuMs;
  participant.points.push({ atMs, cpuMs: before + used, memoryBytes });
}

function recordOf({ role, name, points }: Participant, window: Window, completed: number): UseRecord {
  const fromMs = Math.max(window.fromMs, points[0]?.atMs ?? Number.POSITIVE_INFINITY);
  const toMs = Math.min(window.toMs, points.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY);
  const seen = fromMs < toMs ? { fromMs, toMs, usedMs: cpuAt(points, toMs) - cpuAt(points, fromMs) } : undefined;
  const inside = points.filter(
    ({ atMs }) => atMs >= window.fromMs - SHORTEST_STEP_MS && atMs <= window.toMs + SHORTEST_STEP_MS,
  );
  const memory = inside.map(({ memoryBytes }) => memoryBytes);
  const mean = seen === undefined ? null : (seen.usedMs / (seen.toMs - seen.fromMs)) * 1_000;
  return {
    role,
    name,
    cpuMillicoresMean: mean,
    cpuMillicoresMax: seen === undefined || mean === null ? null : Math.max(mean, busiest(points, seen)),
    cpuMsPer1000Requests: seen === undefined || completed === 0 ? null : (seen.usedMs / completed) * 1_000,
    memoryBytesMean: memory.length === 0 ? null : memory.reduce((sum, bytes) => sum + bytes, 0) / memory.length,
    memoryBytesMax: memory.length === 0 ? null : memory.reduce((most, bytes) => Math.max(most, bytes)),
    samples: inside.length,
  };
}

/** The most millicores between any two readings inside the window. */
function busiest(points: readonly Point[], { fromMs, toMs }: Window): number {
  let most = 0;
  let last = { atMs: fromMs, cpuMs: cpuAt(points, fromMs) };
  for (const { atMs } of points) {
    const end = Math.min(atMs, toMs);
    if (end - last.atMs < SHORTEST_STEP_MS) continue;
    const cpuMs = cpuAt(points, end);
    most = Math.max(most, ((cpuMs - last.cpuMs) / (end - last.atMs)) * 1_000);
    last = { atMs: end, cpuMs };
  }
  return most;
}

function cpuAt(points: readonly Point[], atMs: number): number {
  const index = firstAtOrAfter(points, atMs);
  const after = points[index] ?? points.at(-1);
  const before = points[index - 1];
  if (after === undefined) return 0;
  if (before === undefined || after.atMs <= before.atMs) return after.cpuMs;
  return before.cpuMs + ((atMs - before.atMs) / (after.atMs - before.atMs)) * (after.cpuMs - before.cpuMs);
}

function firstAtOrAfter(points: readonly Point[], atMs: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.atMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
