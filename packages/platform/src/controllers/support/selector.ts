import { type LabelSelector, matchesLabels, selectorRequirements } from '@meshwise/resources';

type Labels = Readonly<Record<string, string>>;

/** Whether labels satisfy a selector (meta/v1 LabelSelector). An empty selector matches everything. */
export function matchesSelector(selector: LabelSelector, labels: Labels | undefined): boolean {
  return matchesLabels(selectorRequirements(selector), labels);
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return selectorRequirements(selector).length === 0;
}

/** The selector in the text form of list requests, as kubectl shows it. */
export function selectorText(selector: LabelSelector): string {
  const parts = selectorRequirements(selector).map((requirement) => {
    const { key, operator } = requirement;
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    const [only, ...more] = requirement.values;
    if (operator === 'In' && only !== undefined && more.length === 0) return `${key}=${only}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${requirement.values.join(',')})`;
  });
  return parts.join(',');
}
