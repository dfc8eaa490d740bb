/** Delay before start number `failures + 1`: at once the first time, then doubling up to `capMs`. */
export function backOffMs(failures: number, baseMs: number, capMs: number): number {
  return failures === 0 ? 0 : Math.min(capMs, baseMs * 2 ** (failures - 1));
}
