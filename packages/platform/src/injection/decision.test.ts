import { describe, expect, test } from 'vitest';
import { decideInjection, INJECTION_RULES } from './decision.ts';

type Labels = Readonly<Record<string, string>>;

const enabled = { 'istio-injection': 'enabled' };
const disabled = { 'istio-injection': 'disabled' };
const rev = (revision: string) => ({ 'istio.io/rev': revision });
const inject = (value: string) => ({ 'sidecar.istio.io/inject': value });

const decide = (namespaceLabels: Labels, podLabels: Labels, more: object = {}, options: object = {}) =>
  decideInjection(
    { namespace: 'default', namespaceLabels, podLabels, podAnnotations: {}, hostNetwork: false, ...more },
    options,
  );

describe('the table that Istio documents', () => {
  // namespace labels, pod labels, injected
  test.each<[Labels, Labels, boolean]>([
    [{}, {}, false],
    [enabled, {}, true],
    [disabled, {}, false],
    [{}, inject('true'), true],
    [{}, inject('false'), false],
    // Either label disabled: not injected.
    [enabled, inject('false'), false],
    [disabled, inject('true'), false],
    [enabled, inject('true'), true],
    [rev('default'), {}, true],
    [{}, rev('default'), true],
    [rev('default'), inject('false'), false],
    [{}, { ...rev('default'), ...inject('false') }, false],
    [{}, { ...rev('default'), ...inject('true') }, true],
    // istio-injection on the namespace hides its revision.
    [{ ...disabled, ...rev('default') }, {}, false],
    [{ ...enabled, ...rev('elsewhere') }, {}, true],
    [disabled, rev('default'), false],
    // A namespace's revision hides the pod's.
    [rev('elsewhere'), rev('default'), false],
    [rev('default'), rev('elsewhere'), true],
    // A revision that somebody else serves is none of ours.
    [rev('elsewhere'), {}, false],
    [rev('elsewhere'), inject('true'), false],
    [{}, { ...rev('elsewhere'), ...inject('true') }, false],
    [enabled, rev('elsewhere'), true],
  ])('namespace %o with pod %o: %s', (namespaceLabels, podLabels, injected) => {
    expect(decide(namespaceLabels, podLabels).injected).toBe(injected);
  });
});

test('the host network and system namespaces are never injected', () => {
  expect(decide(enabled, inject('true'), { hostNetwork: true })).toMatchObject({
    injected: false,
    reason: 'the pod uses the host network',
  });
  expect(decide(enabled, inject('true'), { namespace: 'kube-system' }).injected).toBe(false);
});

test('an annotation can refuse, yields to the label, and alone enables nothing', () => {
  expect(decide(enabled, {}, { podAnnotations: inject('false') }).injected).toBe(false);
  expect(decide(enabled, inject('true'), { podAnnotations: inject('false') }).injected).toBe(true);
  expect(decide({}, {}, { podAnnotations: inject('true') }).injected).toBe(false);
});

test.each(['yes', 'on', 'y', 'True'])('inject: %s means yes where the namespace asks for injection', (value) => {
  expect(decide(enabled, inject(value)).injected).toBe(true);
});

test('any other word means no', () => {
  expect(decide(enabled, inject('maybe')).injected).toBe(false);
});

test('enableNamespacesByDefault injects where no label says anything, and only there', () => {
  const options = { enableNamespacesByDefault: true };
  expect(decide({}, {}, {}, options).injected).toBe(true);
  expect(decide(disabled, {}, {}, options).injected).toBe(false);
  expect(decide({}, inject('false'), {}, options).injected).toBe(false);
});

test('a mesh answers to its revisions and tags only (001-74)', () => {
  const options = { revisions: ['1-31', 'stable'] };
  expect(decide(rev('stable'), {}, {}, options)).toMatchObject({ injected: true, revision: 'stable' });
  expect(decide({}, rev('1-31'), {}, options)).toMatchObject({ injected: true, revision: '1-31' });
  expect(decide(enabled, {}, {}, options).injected).toBe(false);
});

test('no two rules claim the same pod, so that their order does not matter', () => {
  const namespaces = [{}, enabled, disabled].flatMap((a) =>
    [{}, rev('default'), rev('other')].map((b) => ({ ...a, ...b })),
  );
  const pods = [{}, inject('true'), inject('false')].flatMap((a) =>
    [{}, rev('default'), rev('other')].map((b) => ({ ...a, ...b })),
  );
  let claimed = 0;
  for (const namespaceLabels of namespaces) {
    for (const podLabels of pods) {
      const claims = INJECTION_RULES.filter(
        ({ namespace, pod }) => holds(namespace, namespaceLabels) && holds(pod, podLabels),
      );
      claimed += claims.length;
      expect(claims.length, JSON.stringify({ namespaceLabels, podLabels })).toBeLessThanOrEqual(1);
    }
  }
  expect(claimed).toBeGreaterThan(10);
});

function holds(wanted: (typeof INJECTION_RULES)[number]['namespace'], labels: Labels): boolean {
  return Object.entries(wanted).every(([name, want]) => {
    const value = labels[name];
    if (want === 'absent') return value === undefined;
    if (want === 'ours') return value === 'default';
    return 'in' in want ? want.in.includes(value ?? '') : !want.notIn.includes(value ?? '');
  });
}
