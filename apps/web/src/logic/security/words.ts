import type { AccessRule, AccessSummary } from '@meshwise/api';
import { shellWord } from '../cli.ts';
import { plural } from '../format.ts';
import type { Matrix, MatrixCell } from './matrix.ts';

/** A sign and a word for each verdict: neither colour nor sign stands alone. */
export const VERDICTS: Readonly<Record<AccessSummary['verdict'], { readonly sign: string; readonly word: string }>> = {
  allowed: { sign: '✓', word: 'yes' },
  refused: { sign: '✗', word: 'no' },
  some: { sign: '◐', word: 'some' },
};

const SENTENCES: Readonly<Record<AccessSummary['verdict'], string>> = {
  allowed: 'Every request is let in',
  refused: 'No request is let in',
  some: 'Some requests are let in',
};

export function verdictSentence({ verdict }: AccessSummary): string {
  return SENTENCES[verdict];
}

/** What a cell says to whoever hears it: `shop/web to shop/cart-v1:80: yes`. */
export function cellLabel({ client, column, summary }: MatrixCell): string {
  return `${client.name} to ${column.id}: ${VERDICTS[summary.verdict].word}`;
}

/** `12 ways: 8 open, 3 closed, 1 under conditions`. */
export function matrixWords({ rows }: Matrix): string {
  const verdicts = rows.flatMap(({ cells }) => cells.map(({ summary }) => summary.verdict));
  const count = (verdict: AccessSummary['verdict']) => verdicts.filter((one) => one === verdict).length;
  const parts = [
    [count('allowed'), 'open'],
    [count('refused'), 'closed'],
    [count('some'), 'under conditions'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `${plural(verdicts.length, 'way')}: ${said.join(', ')}`;
}

/** What stands before the rules of a condition. */
export function needsWords({ needs, authorizer, carried }: AccessSummary['conditions'][number]): string {
  const what = carried === 'bytes' ? 'Connections' : 'Requests';
  if (needs === 'one-of') return `${what} are let in by one of`;
  if (needs === 'none-of') return `${what} are refused by each of`;
  return `${authorizer ?? 'Somebody'} is asked about`;
}

export const MUTUAL_TLS = {
  strict: 'mutual TLS only',
  permissive: 'mutual TLS or plain text',
  disable: 'no mutual TLS',
} as const;

export function cellCommand({ client, column: { server, port } }: MatrixCell): string {
  const words = ['--from', client.name, '--to', `${server.namespace}/${server.name}`, '--port', String(port.port)];
  return ['meshwise get access -n', server.namespace, ...words]
    .map((word) => (word.includes(' ') && !word.startsWith('meshwise') ? shellWord(word) : word))
    .join(' ');
}

/** Policies that decided, each once, with the fields of it that did. */
export function policiesOf(
  rules: readonly AccessRule[],
): readonly { readonly object: AccessRule['object']; readonly fields: readonly string[] }[] {
  const found = new Map<string, { object: AccessRule['object']; fields: Set<string> }>();
  for (const { object, field } of rules) {
    const id = `${object.kind} ${object.namespace}/${object.name}`;
    const known = found.get(id) ?? { object, fields: new Set() };
    found.set(id, known);
    if (field !== null) known.fields.add(field);
  }
  return [...found.values()].map(({ object, fields }) => ({ object, fields: [...fields] }));
}

/** What to begin with where nothing is asked of anybody. */
export const EXAMPLE = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: reviews-viewer
  namespace: default
spec:
  selector:
    matchLabels:
      app: reviews
  action: ALLOW
  rules:
    - from:
        - source:
            principals: ["cluster.local/ns/default/sa/bookinfo-productpage"]
      to:
        - operation:
            methods: ["GET"]
`;

/** A resource as people write it: what the store keeps about it beside that is left out. JSON is YAML. */
export function policyText(body: Readonly<Record<string, unknown>>): string {
  const { metadata, status: _, ...rest } = body;
  const { name, namespace, labels, annotations } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  const { apiVersion, kind, ...spec } = rest;
  return JSON.stringify({ apiVersion, kind, metadata: { name, namespace, labels, annotations }, ...spec }, null, 2);
}
