import { findKindByName, KNOWN_KINDS, kindsByName } from '@meshwise/resources';

/** What `get all` means, as kubectl's: what runs, not what configures it. */
const ALL = ['pods', 'services', 'deployments', 'replicasets', 'statefulsets'];

/** `pods,svc` taken apart, with `all` written out. */
export function splitKinds(text: string): readonly string[] {
  return text
    .split(',')
    .filter((kind) => kind !== '')
    .flatMap((kind) => (kind.toLowerCase() === 'all' ? ALL : [kind]));
}

/** For shell completion. */
export const kindNames: readonly string[] = [
  'all',
  // A plural that means a kind of another group is said with its own.
  ...KNOWN_KINDS.map((kind) => (kindsByName(kind.plural)[0] === kind ? kind.plural : `${kind.plural}.${kind.group}`)),
];

/** False only for a kind known to have no namespaces. */
export function mayHaveNamespace(kind: string): boolean {
  return findKindByName(kind)?.namespaced !== false;
}
