/** What stands where nothing was measured. The reason is shown beside it, never a zero. */
export const NOT_MEASURED = '–';

/** Three significant figures at most: `0`, `0.42`, `3.2`, `148`, `1.2 k`. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return NOT_MEASURED;
  if (perSecond === 0) return '0';
  if (perSecond < 0.01) return '<0.01';
  if (perSecond >= 999_500) return `${trim(perSecond / 1_000_000, 1)} M`;
  if (perSecond >= 999.5) return `${trim(perSecond / 1000, 1)} k`;
  if (perSecond < 0.995) return perSecond.toFixed(2);
  return perSecond < 9.95 ? trim(perSecond, 1) : String(Math.round(perSecond));
}

/** `0 %`, `0.04 %`, `3.1 %`, `100 %`. A share above zero never rounds to zero, nor one below all to all. */
export function formatPercent(percent: number | null): string {
  if (percent === null) return NOT_MEASURED;
  if (percent <= 0) return '0 %';
  if (percent >= 100) return '100 %';
  if (percent < 0.01) return '<0.01 %';
  if (percent > 99.9) return '>99.9 %';
  return `${percent < 0.995 ? percent.toFixed(2) : trim(percent, 1)} %`;
}

/** `0.8 ms`, `12 ms`, `1.3 s`. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return NOT_MEASURED;
  if (ms >= 999.5) return `${trim(ms / 1000, ms < 9950 ? 1 : 0)} s`;
  return `${ms < 9.95 ? trim(ms, 1) : Math.round(ms)} ms`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Binary units as Kubernetes uses them: `512 B`, `38 MiB`, `1.2 GiB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return NOT_MEASURED;
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? trim(value, 1) : Math.round(value)} ${BYTE_UNITS[unit]}`;
}

/** Kubernetes' notation below one core, cores above: `0 m`, `12 m`, `1.5 cores`. */
export function formatCpu(millicores: number | null): string {
  if (millicores === null) return NOT_MEASURED;
  if (millicores >= 999.5) {
    const cores = trim(millicores / 1000, 1);
    return `${cores} ${cores === '1' ? 'core' : 'cores'}`;
  }
  return `${millicores > 0 && millicores < 0.95 ? '<1' : Math.round(millicores)} m`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function trim(value: number, decimals: number): string {
  return value.toFixed(decimals).replace(/\.0+$/, '');
}
