/**
 * Plain scalars as Kubernetes reads them. kubectl and the API server convert YAML to JSON with sigs.k8s.io/yaml, which
 * resolves scalars by go-yaml v2: mostly YAML 1.1 (`yes`, `on`, `y`, `014`, `1_000`) with `0o14` of YAML 1.2, without
 * base-60 numbers, and with timestamps left as the text they were written in. A YAML 1.2 parser would read another
 * configuration than the cluster does.
 */
const words = new Map<string, boolean | null | number>();
for (const word of ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']) words.set(word, true);
for (const word of ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']) words.set(word, false);
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, null);
for (const word of ['.nan', '.NaN', '.NAN']) words.set(word, Number.NaN);
for (const word of ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']) words.set(word, Number.POSITIVE_INFINITY);
for (const word of ['-.inf', '-.Inf', '-.INF']) words.set(word, Number.NEGATIVE_INFINITY);

const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const digitOrSign = /^[-+0-9]/;

export type PlainValue = string | number | boolean | null;

/** The value of an unquoted, untagged scalar. Infinities and NaN come back as such: JSON cannot hold them. */
export function resolvePlain(text: string): PlainValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (digitOrSign.test(text)) return resolveNumber(text.replaceAll('_', '')) ?? text;
  if (text.startsWith('.') && decimal.test(text)) return finite(Number(text)) ?? text;
  return text;
}

function resolveNumber(text: string): number | undefined {
  const match = integer.exec(text);
  if (match !== null) {
    const [, sign, hex, binary, octal, plain] = match;
    const magnitude =
      hex !== undefined
        ? Number(`0x${hex}`)
        : binary !== undefined
          ? Number(`0b${binary}`)
          : octal !== undefined
            ? Number(`0o${octal}`)
            : Number(plain);
    return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
  }
  // `08` is no octal number; it is the float 8, as in go-yaml.
  return decimal.test(text) ? finite(Number(text)) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
