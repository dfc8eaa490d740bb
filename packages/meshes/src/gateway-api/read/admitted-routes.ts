import type { AdmittedRoutes, FieldReader, LabelSelector } from '@meshwise/model';
import { GATEWAY_API } from '@meshwise/resources';

/** `allowedRoutes` of a listener: routes of its own namespace unless it says more. What is unreadable admits none. */
export function readAdmittedRoutes(field: FieldReader | undefined): AdmittedRoutes {
  const namespaces = readNamespaces(field?.object('namespaces'));
  const kinds = (field?.list('kinds') ?? []).map((entry) => {
    const group = entry.string('group') ?? GATEWAY_API;
    const kind = entry.string('kind') ?? '';
    entry.rest();
    if (kind === '') entry.invalid('kind', 'is missing');
    return { group, kind };
  });
  field?.rest();
  return { namespaces, kinds };
}

function readNamespaces(field: FieldReader | undefined): AdmittedRoutes['namespaces'] {
  const from = field?.string('from') ?? 'Same';
  const selector = readSelector(field?.object('selector'));
  field?.rest();
  switch (from) {
    case 'Same':
      return 'same';
    case 'All':
      return 'all';
    case 'None':
      return 'none';
    case 'Selector':
      if (selector === undefined) field?.invalid('selector', 'is missing or unreadable: no namespace is admitted');
      return selector === undefined ? 'none' : { selector };
    default:
      field?.invalid('from', 'is none of Same, All, Selector, None: no namespace is admitted');
      return 'none';
  }
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** Kubernetes' LabelSelector; undefined when a requirement is not known, since less of it would select more. */
function readSelector(field: FieldReader | undefined): LabelSelector | undefined {
  if (field === undefined) return undefined;
  const matchLabels = field.stringMap('matchLabels') ?? {};
  const requirements = field.list('matchExpressions');
  const matchExpressions = requirements.flatMap((entry) => {
    const key = entry.string('key') ?? '';
    const written = entry.string('operator');
    const operator = OPERATORS.find((candidate) => candidate === written);
    const values = entry.strings('values') ?? [];
    entry.rest();
    if (operator === undefined) entry.invalid('operator', `is none of ${OPERATORS.join(', ')}`);
    return operator === undefined || key === '' ? [] : [{ key, operator, values }];
  });
  if (field.rest() || matchExpressions.length < requirements.length) return undefined;
  return { matchLabels, matchExpressions };
}
