const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

/** `120,000`; of small numbers three digits: `0.25`. */
export function numberWords(value: number): string {
  return NUMBER.format(value);
}

/** `1 request`, `2 requests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  const number = numberWords(count);
  return `${number} ${number === '1' ? one : many}`;
}

/** `500 requests per second`. */
export function rateWords(rps: number): string {
  return `${plural(rps, 'request')} per second`;
}

/** `64 MiB`; whole units only when they are whole. */
export function bytesWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let at = 0;
  let value = bytes;
  while (value >= 1_024 && at < units.length - 1) {
    value /= 1_024;
    at += 1;
  }
  return at === 0 ? plural(bytes, 'byte') : `${Number(value.toFixed(1))} ${units[at]}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Three digits in the unit that suits: `83.1 µs`, `1.25 ms`, `2.3 s`. */
export function latencyWords(ms: number): string {
  if (ms < 0.9995) return `${threeDigits(ms * 1_000)} µs`;
  return ms < 999.5 ? `${threeDigits(ms)} ms` : `${threeDigits(ms / 1_000)} s`;
}

/** Of a share between 0 and 1: `99.5 %`. Never rounded up to 100 % or down to 0 %. */
export function percentWords(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return 'less than 0.01 %';
  if (percent < 100 && percent > 99.99) return 'more than 99.99 %';
  return `${Number(percent.toFixed(2))} %`;
}

function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
