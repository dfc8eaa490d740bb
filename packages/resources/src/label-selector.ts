import { MeshwiseError } from '@meshwise/core';
import { isLabelKey, isLabelValue } from './names.ts';

/** One requirement of a label selector; all of them must hold. */
export type LabelRequirement =
  | { readonly key: string; readonly operator: 'In'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'NotIn'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'Exists' }
  | { readonly key: string; readonly operator: 'DoesNotExist' };

const equality = /^\s*([^\s!=,()]+)\s*(==|=|!=)\s*([^\s=!,()]*)\s*$/;
const set = /^\s*([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)\s*$/;
const existence = /^\s*(!?)\s*([^\s!=,()]+)\s*$/;

/**
 * Reads Kubernetes' text form (`app=reviews,version in (v1,v2),!legacy`; k8s.io/apimachinery labels.Parse).
 * Throws MW1004 when a part cannot be read.
 */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  if (text.trim() === '') return [];
  return splitOutsideParentheses(text).map((part) => {
    const requirement = parseRequirement(part);
    const values = requirement !== undefined && 'values' in requirement ? requirement.values : [];
    if (requirement === undefined || !isLabelKey(requirement.key) || !values.every(isLabelValue)) {
      throw new MeshwiseError('MW1004', 'The label selector cannot be read', {
        found: JSON.stringify(part.trim()),
        expected: 'key=value, key!=value, key in (a,b), key notin (a,b), key or !key',
      });
    }
    return requirement;
  });
}

function parseRequirement(part: string): LabelRequirement | undefined {
  const equal = equality.exec(part);
  if (equal !== null) {
    const [, key = '', sign, value = ''] = equal;
    return { key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] };
  }
  const member = set.exec(part);
  if (member !== null) {
    const [, key = '', word, values = ''] = member;
    return { key, operator: word === 'in' ? 'In' : 'NotIn', values: values.split(',').map((value) => value.trim()) };
  }
  const exists = existence.exec(part);
  if (exists === null) return undefined;
  return { key: exists[2] ?? '', operator: exists[1] === '!' ? 'DoesNotExist' : 'Exists' };
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')') depth--;
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Whether labels meet all requirements. A missing label meets `NotIn` and `!=`, as in Kubernetes. */
export function matchesLabels(
  requirements: readonly LabelRequirement[],
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return requirements.every((requirement) => {
    const value = labels !== undefined && Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    if (requirement.operator === 'Exists') return value !== undefined;
    if (requirement.operator === 'DoesNotExist') return value === undefined;
    if (requirement.operator === 'In') return value !== undefined && requirement.values.includes(value);
    return value === undefined || !requirement.values.includes(value);
  });
}

/** The `spec.selector` of a workload (`matchLabels` and `matchExpressions`) as requirements. */
export function selectorRequirements(selector: {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}): readonly LabelRequirement[] {
  const equal = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }),
  );
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }): LabelRequirement =>
      operator === 'In' || operator === 'NotIn' ? { key, operator, values: values ?? [] } : { key, operator },
  );
  return [...equal, ...expressions];
}
