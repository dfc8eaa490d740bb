import type { ResourceVerdict } from '@meshwise/api';
import { keyOf, keyText, type ResourceKey } from '@meshwise/resources';
import { conditionOf, lockOutOf, problemOf, refusalOf } from './api-problem.ts';
import type { Judge, ProposedChange } from './judge.ts';
import { type Input, sourceByKey } from './read-input.ts';

/** Of a request with errors: which of its resources are wrong, and in what. Nothing of it was applied. */
export function rejections(input: Input): ResourceVerdict[] {
  return input.resources
    .filter(({ problems }) => problems.some(({ severity }) => severity === 'error'))
    .map(({ resource, problems }) => ({
      object: objectOf(keyOf(resource)),
      verdict: 'rejected' as const,
      conditions: problems.map(problemOf),
    }));
}

/** What the mesh makes of the changed resources, and of others that the change leaves worse than they were. */
export async function verdictsOn(
  judge: Judge,
  changes: readonly ProposedChange[],
  input: Input,
): Promise<ResourceVerdict[]> {
  const judgement = judge.judge(changes);
  const { own, others, lockOuts } = judgement;
  const refusals = await judge.refusals(changes, judgement);
  const sources = sourceByKey(input);
  const mine = changes.map(({ key }): ResourceVerdict => {
    const source = sources.get(keyText(key));
    const locked = lockOuts.filter((lockOut) => keyText(lockOut.key) === keyText(key));
    const conditions = [
      ...locked.map((lockOut) => lockOutOf(lockOut, source)),
      ...(own.get(keyText(key)) ?? []).map((residue) => conditionOf(residue, source)),
    ];
    const refused = (refusals.get(keyText(key)) ?? []).map((residue) => refusalOf(residue, source));
    if (refused.length > 0)
      return { object: objectOf(key), verdict: 'rejected', conditions: [...refused, ...conditions] };
    const enforced = conditions.every(({ severity }) => severity === 'info');
    return { object: objectOf(key), verdict: enforced ? 'accepted' : 'conditions', conditions };
  });
  const theirs = [...others.values()].flatMap((residues): ResourceVerdict[] => {
    const [first] = residues;
    if (first === undefined) return [];
    const conditions = residues.map((residue) => conditionOf(residue, undefined));
    return [{ object: objectOf(first.origin.resource), verdict: 'conditions', conditions }];
  });
  return [...mine, ...theirs];
}

function objectOf({ kind, namespace, name }: ResourceKey): ResourceVerdict['object'] {
  return { kind, namespace, name };
}
