import type { ConditionView } from '@meshwise/api';
import type { Residue } from '@meshwise/model';

const SEVERITY = { invalid: 'error', unsupported: 'warning', info: 'info' } as const;

/** What the model could not carry over, on the resource that says it. */
export function conditionViews(residues: ReadonlyMap<string, readonly Residue[]>): ConditionView[] {
  return [...residues.values()].flat().map(({ origin, severity, message }) => {
    const { group, kind, namespace, name } = origin.resource;
    return {
      object: { ...(group === '' ? {} : { group }), kind, namespace, name },
      severity: SEVERITY[severity],
      field: origin.field ?? null,
      message,
    };
  });
}
