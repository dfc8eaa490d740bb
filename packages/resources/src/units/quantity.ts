/**
 * Quantities (`100m`, `1Gi`, `1e3`) as k8s.io/apimachinery's resource.Quantity defines them: a decimal number with a
 * binary suffix, a decimal suffix or an exponent.
 */
const pattern = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([+-]?\d+))?$/;

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The quantity as a number (cores, bytes); undefined when the text is no quantity. */
export function parseQuantity(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) ? text : undefined;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, digits, suffix, exponent] = match;
  if (suffix !== undefined) {
    const factor = factors[suffix] ?? 1;
    // Dividing keeps 100m at exactly 0.1; multiplying by 0.001 would not.
    return factor < 1 ? Number(digits) / Math.round(1 / factor) : Number(digits) * factor;
  }
  const value = Number(exponent === undefined ? digits : `${digits}e${exponent}`);
  return Number.isFinite(value) ? value : undefined;
}

const decimalSuffixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

/** The shortest exact text of a number as a quantity: 0.1 → `100m`, 1073741824 with `binary` → `1Gi`. */
export function formatQuantity(value: number, format: 'decimal' | 'binary' = 'decimal'): string {
  if (!Number.isInteger(value)) {
    const milli = value * 1000;
    if (Math.abs(milli - Math.round(milli)) < 1e-9) return `${Math.round(milli)}m`;
    return `${Math.ceil(value * 1e9)}n`;
  }
  const base = format === 'binary' ? 1024 : 1000;
  const suffixes = format === 'binary' ? binarySuffixes : decimalSuffixes;
  let rest = value;
  let step = 0;
  while (rest !== 0 && rest % base === 0 && step < suffixes.length - 1) {
    rest /= base;
    step++;
  }
  return `${rest}${suffixes[step] ?? ''}`;
}
