/** What stands where nothing was measured: never a zero. */
export const UNKNOWN = '–';

/** Always in the one unit, so that a difference and the bounds of its interval can be compared at a glance. */
export function millisecondsText(ms: number): string {
  return `${figures(ms)} ms`;
}

/** Three figures and the unit that suits: `850 ns`, `12 µs`, `0.94 ms`, `1.25 s`. */
export function latencyText(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size >= 999.5) return `${figures(ms / 1_000)} s`;
  if (size >= 0.0995) return `${figures(ms)} ms`;
  return size >= 0.0009995 ? `${figures(ms * 1_000)} µs` : `${figures(ms * 1e6)} ns`;
}

/** `12,345`; with decimals below ten, so that 0.4 rps is not zero. */
export function numberText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  return Math.abs(value) < 999.5 ? figures(value) : grouped(Math.round(value));
}

export function rateText(perSecond: number | null): string {
  return perSecond === null || !Number.isFinite(perSecond) ? UNKNOWN : `${numberText(perSecond)} rps`;
}

/** A share above zero never reads as zero, nor one below all as all. */
export function percentText(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return UNKNOWN;
  if (percent > 0 && percent < 0.001) return '<0.001 %';
  if (percent > 99.9 && percent < 100) return percent > 99.999 ? '>99.999 %' : `${percent.toFixed(3)} %`;
  return `${figures(percent)} %`;
}

/** Decimal units, as memory is published. */
export function bytesText(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return UNKNOWN;
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, Math.abs(bytes) * 1.0005)) / 3));
  return `${figures(bytes / 1_000 ** power)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** `0.5 s`, `34 s`, `2 min 5 s`, `1 h 2 min`. */
export function timeText(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 59.5) return `${figures(seconds)} s`;
  const whole = Math.round(seconds);
  const [big, small, names] =
    whole < 3_600
      ? [Math.floor(whole / 60), whole % 60, ['min', 's']]
      : [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), ['h', 'min']];
  return small === 0 ? `${big} ${names[0]}` : `${big} ${names[0]} ${small} ${names[1]}`;
}

/** With a sign that is as wide as a plus, for differences. */
export function signed(value: number, text: (value: number) => string): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${text(Math.abs(value))}`;
}

/** `+0.42 ms`. */
export function signedText(value: number | null, text: (value: number) => string): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : signed(value, text);
}

/** Three significant figures at most and no zeros at the end: `0.042`, `1.5`, `148`. */
export function figures(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return grouped(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}
