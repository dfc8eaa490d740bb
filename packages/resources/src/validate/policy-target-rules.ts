import type { FieldPath } from '../field-path.ts';
import { shown } from '../problem.ts';
import type { Finding } from './finding.ts';

/** What policies of Istio's may be attached to. */
export const POLICY_TARGETS: readonly string[] = [
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
  '/Service',
  'networking.istio.io/ServiceEntry',
];

/** `selector`, `targetRef` and `targetRefs` as Istio's webhook checks them: a target is in the namespace of the policy. */
export function checkPolicyTargets(spec: Readonly<Record<string, unknown>>, report: (finding: Finding) => void): void {
  const { selector, targetRef, targetRefs } = spec;
  const labels = (Object(selector) as { readonly matchLabels?: unknown }).matchLabels;
  for (const [key, value] of Object.entries(Object(labels) as object)) {
    const path = ['spec', 'selector', 'matchLabels', key];
    if (key === '') report(error(path, 'A label has a name', 'an empty one', 'the name of a label'));
    if (`${key}${String(value)}`.includes('*'))
      report(error(path, 'Patterns are not possible here', shown(value), 'the value of a label'));
  }
  const list = Array.isArray(targetRefs) ? [...targetRefs.entries()] : [];
  const all: readonly (readonly [FieldPath, unknown])[] = [
    [['spec', 'targetRef'], targetRef],
    ...list.map(([index, target]) => [['spec', 'targetRefs', index], target] as const),
  ];
  for (const [path, target] of all)
    if (typeof target === 'object' && target !== null) checkTarget(target, path, report);
}

function checkTarget(target: object, path: FieldPath, report: (finding: Finding) => void): void {
  const { group = '', kind, namespace } = target as Readonly<Record<string, unknown>>;
  const name = `${String(group === 'core' ? '' : group)}/${String(kind)}`;
  if (!POLICY_TARGETS.includes(name))
    report(error([...path, 'kind'], 'Policies cannot be attached to this', shown(kind), POLICY_TARGETS.join(', ')));
  if (namespace !== undefined && namespace !== null && namespace !== '')
    report(warning([...path, 'namespace'], 'A target is beside its policy', shown(namespace), 'no namespace'));
}

function error(path: FieldPath, message: string, found: string, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path, found, expected };
}

/** Istio's webhook refuses it; here the policy is taken, and is for nobody. */
function warning(path: FieldPath, message: string, found: string, expected: string): Finding {
  return { ...error(path, message, found, expected), severity: 'warning' };
}
