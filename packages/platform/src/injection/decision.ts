type Labels = Readonly<Record<string, string>>;

export const NAMESPACE_INJECTION = 'istio-injection';
export const REVISION_LABEL = 'istio.io/rev';
export const POD_INJECTION = 'sidecar.istio.io/inject';

/** What decides about injection, and nothing else of a pod does. */
export interface InjectionFacts {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly podLabels: Labels;
  readonly podAnnotations: Labels;
  readonly hostNetwork: boolean;
}

export interface RevisionOptions {
  /** Revisions and revision tags this mesh answers to. Default `['default']`. */
  readonly revisions?: readonly string[];
  /** Inject where no label says anything (Istio's `enableNamespacesByDefault`). Default false. */
  readonly enableNamespacesByDefault?: boolean;
}

export interface InjectionDecision {
  readonly injected: boolean;
  /** One sentence for people: what decided. */
  readonly reason: string;
  /** The revision that injects; present when `injected`. */
  readonly revision?: string;
}

/** How a label has to be for a rule to hold. */
type Wanted = { readonly in: readonly string[] } | { readonly notIn: readonly string[] } | 'absent' | 'ours';

interface InjectionRule {
  readonly name: string;
  readonly namespace: Readonly<Record<string, Wanted>>;
  readonly pod: Readonly<Record<string, Wanted>>;
  /** Where the revision is written; `default` for rules of the default revision. */
  readonly revision: 'namespace' | 'pod' | 'default';
  readonly reason: string;
  readonly onlyWhenEnabledByDefault?: true;
}

/**
 * Istio's mutating webhooks as data (its `istio-sidecar-injector` configuration): a pod goes to the injector when one
 * rule's selectors match its namespace and itself. Read together they say what Istio documents: either label disabled
 * means no; any label enabled means yes; `istio-injection` on a namespace hides its `istio.io/rev`; a namespace's
 * revision hides the pod's. A pod label is part of the selectors, a pod annotation is not: alone it enables nothing.
 */
export const INJECTION_RULES: readonly InjectionRule[] = [
  {
    name: 'rev.namespace',
    namespace: { [REVISION_LABEL]: 'ours', [NAMESPACE_INJECTION]: 'absent' },
    pod: { [POD_INJECTION]: { notIn: ['false'] } },
    revision: 'namespace',
    reason: 'the namespace is labelled istio.io/rev',
  },
  {
    name: 'rev.object',
    namespace: { [REVISION_LABEL]: 'absent', [NAMESPACE_INJECTION]: 'absent' },
    pod: { [POD_INJECTION]: { notIn: ['false'] }, [REVISION_LABEL]: 'ours' },
    revision: 'pod',
    reason: 'the pod is labelled istio.io/rev',
  },
  {
    name: 'namespace',
    namespace: { [NAMESPACE_INJECTION]: { in: ['enabled'] } },
    pod: { [POD_INJECTION]: { notIn: ['false'] } },
    revision: 'default',
    reason: 'the namespace is labelled istio-injection=enabled',
  },
  {
    name: 'object',
    namespace: { [NAMESPACE_INJECTION]: 'absent', [REVISION_LABEL]: 'absent' },
    pod: { [POD_INJECTION]: { in: ['true'] }, [REVISION_LABEL]: 'absent' },
    revision: 'default',
    reason: 'the pod is labelled sidecar.istio.io/inject=true',
  },
  {
    name: 'auto',
    namespace: { [NAMESPACE_INJECTION]: 'absent', [REVISION_LABEL]: 'absent' },
    pod: { [POD_INJECTION]: 'absent', [REVISION_LABEL]: 'absent' },
    revision: 'default',
    reason: 'namespaces are injected by default',
    onlyWhenEnabledByDefault: true,
  },
];

/** Istio never injects here, whatever the labels say. */
export const SYSTEM_NAMESPACES: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
];

/** Whether a pod gets a sidecar, by the rules above and then by the checks that Istio's injector makes itself. */
export function decideInjection(facts: InjectionFacts, options: RevisionOptions = {}): InjectionDecision {
  if (facts.hostNetwork) return no('the pod uses the host network');
  if (SYSTEM_NAMESPACES.includes(facts.namespace)) return no(`namespace ${facts.namespace} is never injected`);
  const ours = options.revisions ?? ['default'];
  const rule = INJECTION_RULES.find(
    (candidate) =>
      (candidate.onlyWhenEnabledByDefault !== true || options.enableNamespacesByDefault === true) &&
      (candidate.revision !== 'default' || ours.includes('default')) &&
      matches(candidate.namespace, facts.namespaceLabels, ours) &&
      matches(candidate.pod, facts.podLabels, ours),
  );
  if (rule === undefined) return no(whyNot(facts));
  // The label is the newer way to say it; an annotation counts only where there is no label.
  const asked = (facts.podLabels[POD_INJECTION] ?? facts.podAnnotations[POD_INJECTION] ?? '').toLowerCase();
  if (asked !== '' && !['y', 'yes', 'true', 'on'].includes(asked))
    return no('the pod says sidecar.istio.io/inject is not true');
  const labels = rule.revision === 'namespace' ? facts.namespaceLabels : facts.podLabels;
  const revision = rule.revision === 'default' ? 'default' : (labels[REVISION_LABEL] ?? 'default');
  return { injected: true, reason: rule.reason, revision };
}

function matches(wanted: Readonly<Record<string, Wanted>>, labels: Labels, ours: readonly string[]): boolean {
  return Object.entries(wanted).every(([key, want]) => {
    const value = labels[key];
    if (want === 'absent') return value === undefined;
    if (want === 'ours') return value !== undefined && ours.includes(value);
    if ('in' in want) return value !== undefined && want.in.includes(value);
    return value === undefined || !want.notIn.includes(value);
  });
}

function whyNot({ namespaceLabels, podLabels }: InjectionFacts): string {
  if (podLabels[POD_INJECTION] === 'false') return 'the pod is labelled sidecar.istio.io/inject=false';
  const namespace = namespaceLabels[NAMESPACE_INJECTION];
  if (namespace !== undefined) return `the namespace is labelled istio-injection=${namespace}`;
  const revision = namespaceLabels[REVISION_LABEL] ?? podLabels[REVISION_LABEL];
  if (revision !== undefined) return `revision ${revision} is not served by this mesh`;
  return 'neither the namespace nor the pod is labelled for injection';
}

function no(reason: string): InjectionDecision {
  return { injected: false, reason };
}
