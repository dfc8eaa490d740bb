import type { ConditionView } from '@meshwise/api';
import type { MeshwiseError } from '@meshwise/core';

/** What the status says when results cannot be kept: the mesh itself is as well as before. */
export function resultConditions(failure: MeshwiseError | undefined): readonly ConditionView[] {
  if (failure === undefined) return [];
  const object = { kind: 'ResultStore', namespace: '', name: 'results' };
  const message = `Load tests cannot be run, since their results cannot be kept: ${failure.message}`;
  return [{ object, severity: 'warning', field: null, message }];
}
