import { compareText } from '../model/item.ts';

type Labels = Readonly<Record<string, string>>;

/** Who asks, as far as rules look at it: `default` or `default?app=reviews,version=v1`. Nobody in particular: ''. */
export interface View {
  readonly namespace: string;
  readonly labels: Labels;
}

export function formatView({ namespace, labels }: View): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? namespace : `${namespace}?${pairs.join(',')}`;
}

export function parseView(text: string): View {
  const [namespace = '', query = ''] = text.split('?', 2);
  const pairs = query === '' ? [] : query.split(',').map((pair) => pair.split('=', 2).map(decodeURIComponent));
  return { namespace, labels: Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value])) };
}

/** The view with only those labels that somebody looks at. */
export function narrowLabels(labels: Labels, keys: readonly string[]): Labels {
  return Object.fromEntries(keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
}
