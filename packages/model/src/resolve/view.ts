import { compareText } from '../model/item.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * Who asks, as far as rules look at it: `default`, `default?app=reviews,version=v1`, `default#scoping=default/reviews`.
 * Nobody in particular: ''.
 */
export interface View {
  readonly namespace: string;
  readonly labels: Labels;
  /**
   * What else tells clients of one namespace apart: which selective resources concern them (by the kind of item, names
   * separated by spaces), and where they stand (`locality`). Absent for most.
   */
  readonly variant?: Labels;
}

export function formatView({ namespace, labels, variant = {} }: View): string {
  const query = pairs(labels);
  const fragment = pairs(variant);
  return `${namespace}${query === '' ? '' : `?${query}`}${fragment === '' ? '' : `#${fragment}`}`;
}

export function parseView(text: string): View {
  const [view = '', fragment = ''] = text.split('#', 2);
  const [namespace = '', query = ''] = view.split('?', 2);
  const variant = parsePairs(fragment);
  return {
    namespace,
    labels: parsePairs(query),
    ...(Object.keys(variant).length === 0 ? {} : { variant }),
  };
}

/** The view with only those labels that somebody looks at. */
export function narrowLabels(labels: Labels, keys: readonly string[]): Labels {
  return Object.fromEntries(keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
}

function pairs(labels: Labels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join(',');
}

function parsePairs(text: string): Labels {
  const list = text === '' ? [] : text.split(',').map((pair) => pair.split('=', 2).map(decodeURIComponent));
  return Object.fromEntries(list.map(([key = '', value = '']) => [key, value]));
}
