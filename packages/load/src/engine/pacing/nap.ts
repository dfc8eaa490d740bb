const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the thread. It is late by some 70 µs, whatever the length: the kernel's slack for timers. */
export function napNs(forNs: number): void {
  if (forNs > 0) Atomics.wait(nobody, 0, 0, forNs / 1e6);
}
