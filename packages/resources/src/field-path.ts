/** A field as the steps that lead to it: names of members and indexes of list items. */
export type FieldPath = readonly (string | number)[];

const plainName = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;

/**
 * The path as Kubernetes' field errors write it: `spec.http[0].route[1].weight`, and
 * `metadata.labels[app.kubernetes.io/name]` for keys that are no plain names (k8s.io/apimachinery field.Path).
 */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (plainName.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${step}]`;
  }
  return text;
}

/** Reads what `formatFieldPath` writes; quotes around a key in brackets are accepted too. */
export function parseFieldPath(text: string): FieldPath {
  const steps: (string | number)[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === '[') {
      const close = text.indexOf(']', at);
      const end = close === -1 ? text.length : close;
      const inner = text.slice(at + 1, end);
      steps.push(/^\d+$/.test(inner) ? Number(inner) : inner.replace(/^(["'])(.*)\1$/, '$2'));
      at = end + 1;
    } else {
      const start = text[at] === '.' ? at + 1 : at;
      let end = start;
      while (end < text.length && text[end] !== '.' && text[end] !== '[') end++;
      if (end > start) steps.push(text.slice(start, end));
      at = Math.max(end, at + 1);
    }
  }
  return steps;
}
