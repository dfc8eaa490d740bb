import type { RevisionView, RollbackRequest, RollbackResponse } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { keyText, type Resource, type Revision, type TransactionalStore, type Write } from '@meshwise/resources';
import { fieldChanges } from './field-changes.ts';

/** What people changed, newest first. */
export async function listRevisions(store: TransactionalStore, limit: number): Promise<readonly RevisionView[]> {
  return (await store.revisions({ limit })).map(({ number, at, reason, changes }) => ({
    number,
    at,
    reason,
    changes: changes.map(({ key, before, after }) => ({
      object: { kind: key.kind, namespace: key.namespace, name: key.name },
      outcome: before === undefined ? 'created' : after === undefined ? 'deleted' : 'configured',
    })),
  }));
}

/**
 * Makes the configuration what it was after revision `to` (0: before the first one that is kept); without `to`, undoes
 * the last revision. Going back is a revision of its own, so that it can be undone as well.
 */
export async function rollback(store: TransactionalStore, request: RollbackRequest): Promise<RollbackResponse> {
  const [newest] = await store.revisions({ limit: 1 });
  if (newest === undefined) throw new MeshwiseError('MW2007', 'nothing has been applied or deleted yet');
  const to = request.to ?? newest.number - 1;
  const undone = await store.revisions({ after: to });
  const oldest = undone.at(-1);
  if (to < 0 || to > newest.number || (oldest !== undefined && oldest.number !== to + 1)) {
    const kept = (await store.revisions()).at(-1)?.number ?? newest.number;
    throw new MeshwiseError('MW2007', `there is no revision ${to} to go back to`, {
      found: String(to),
      expected: `${kept - 1} to ${newest.number}`,
    });
  }
  const states = statesAt(undone);
  const now = await Promise.all(states.map(({ change }) => store.get(change.key)));
  const dryRun = request.dryRun ?? false;
  await store.transaction(
    states.map(({ write }) => write),
    { dryRun, revision: `rollback to ${to}` },
  );
  return {
    dryRun,
    to,
    outcomes: states.map(({ change, before }, index): RollbackResponse['outcomes'][number] => {
      const current = now[index];
      const { kind, namespace, name } = change.key;
      const object = { apiVersion: (before ?? current)?.apiVersion ?? '', kind, namespace, name };
      if (before === undefined) return { object, outcome: current === undefined ? 'absent' : 'deleted' };
      const changes = fieldChanges(current, before);
      const outcome = current === undefined ? 'created' : changes.length === 0 ? 'unchanged' : 'configured';
      return { object, outcome, changes };
    }),
  };
}

/** For every object of the undone revisions (newest first), the state before the oldest of them that touched it. */
function statesAt(undone: readonly Revision[]) {
  const states = new Map<string, { change: Revision['changes'][number]; before: Resource | undefined; write: Write }>();
  for (const { changes } of undone) {
    for (const change of changes) {
      const before = change.before === undefined ? undefined : asWritten(change.before);
      const write: Write =
        before === undefined
          ? { operation: 'delete', key: change.key }
          : { operation: 'replace', resource: before, options: { fieldManager: 'meshwise' } };
      states.set(keyText(change.key), { change, before, write });
    }
  }
  return [...states.values()];
}

/** Kinds whose status says what they have done already, and must not do again. */
const REMEMBERING: ReadonlySet<string> = new Set(['TrafficShift']);

/** Without what the store gives an object, which may be another one by now. */
function asWritten({ status, ...resource }: Resource): Resource {
  const { resourceVersion: _version, uid: _uid, deletionTimestamp: _deleted, ...metadata } = resource.metadata;
  const remembered = status !== undefined && REMEMBERING.has(resource.kind) ? { status } : {};
  return { ...resource, metadata, ...remembered };
}
