import type { Problem as ApiProblem, ApplyOutcome, ApplyRequest, ApplyResponse, DeleteRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import {
  diffResources,
  keyOf,
  type Problem,
  type Resource,
  type ResourceKey,
  type TransactionalStore,
  type Write,
} from '@meshwise/resources';
import { resolveKind } from './find-kind.ts';
import { readInput } from './read-input.ts';

const FIELD_MANAGER = 'meshwise';

/** Applies all resources of all files, or none of them when one is wrong. */
export async function apply(store: TransactionalStore, request: ApplyRequest): Promise<ApplyResponse> {
  const { resources, problems } = readInput(request.files, request.namespace ?? 'default');
  const dryRun = request.dryRun ?? false;
  if (problems.some((problem) => problem.severity === 'error')) return answer(dryRun, [], problems);
  const results = await store.transaction(writesFor(resources, request), { dryRun });
  const outcomes = results.map((result, index) => {
    const resource = result.resource ?? resources[index];
    if (resource === undefined) throw new MeshwiseError('MW0001', 'a write had no resource');
    return { object: objectOf(resource), outcome: result.outcome };
  });
  return answer(dryRun, outcomes, problems);
}

/** What `apply` would change, field by field, without changing it. */
export async function diff(store: TransactionalStore, request: ApplyRequest): Promise<ApplyResponse> {
  const { resources, problems } = readInput(request.files, request.namespace ?? 'default');
  if (problems.some((problem) => problem.severity === 'error')) return answer(true, [], problems);
  const before = await Promise.all(resources.map((resource) => store.get(keyOf(resource))));
  const results = await store.transaction(writesFor(resources, request), { dryRun: true });
  const outcomes = results.map((result, index) => {
    const after = result.resource ?? resources[index];
    if (after === undefined) throw new MeshwiseError('MW0001', 'a write had no resource');
    const changes = diffResources(before[index], after).map((change) => ({
      path: change.path,
      before: change.before ?? null,
      after: change.after ?? null,
    }));
    return { object: objectOf(after), outcome: result.outcome, changes };
  });
  return answer(true, outcomes, problems);
}

/** Deletes what the files name, or named resources of a kind. What is not there is said, not an error. */
export async function remove(store: TransactionalStore, request: DeleteRequest): Promise<ApplyResponse> {
  const dryRun = request.dryRun ?? false;
  const namespace = request.namespace ?? 'default';
  const input = readInput(request.files ?? [], namespace);
  const malformed = input.problems.filter((problem) => problem.code === 'MW1001' || problem.code === 'MW1002');
  if (malformed.length > 0) return answer(dryRun, [], malformed);
  const targets: { apiVersion: string; key: ResourceKey }[] = input.resources.map((resource) => ({
    apiVersion: resource.apiVersion,
    key: keyOf(resource),
  }));
  if (request.kind !== undefined) {
    const kind = await resolveKind(store, request.kind);
    for (const name of request.names ?? []) {
      const key = { group: kind.group, kind: kind.kind, namespace: kind.namespaced ? namespace : '', name };
      targets.push({ apiVersion: kind.apiVersion, key });
    }
  }
  const outcomes: ApplyOutcome[] = [];
  for (const { apiVersion, key } of targets) {
    const deleted = await store.delete(key, { dryRun });
    const object = { apiVersion, kind: key.kind, namespace: key.namespace, name: key.name };
    outcomes.push({ object, outcome: deleted === undefined ? 'absent' : 'deleted' });
  }
  return answer(dryRun, outcomes, []);
}

function writesFor(resources: readonly Resource[], request: ApplyRequest): Write[] {
  return resources.map((resource) => ({
    operation: 'apply',
    resource,
    options: { fieldManager: request.fieldManager ?? FIELD_MANAGER, force: request.force ?? false },
  }));
}

function objectOf(resource: Resource): ApplyOutcome['object'] {
  const { apiVersion, kind, metadata } = resource;
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

function answer(dryRun: boolean, outcomes: ApplyOutcome[], problems: readonly Problem[]): ApplyResponse {
  return { dryRun, outcomes, problems: problems.map(toApi) };
}

function toApi(problem: Problem): ApiProblem {
  const details = [
    problem.found === undefined ? undefined : `found ${problem.found}`,
    problem.expected === undefined ? undefined : `expected ${problem.expected}`,
  ].filter((part) => part !== undefined);
  return {
    code: problem.code,
    severity: problem.severity,
    message: details.length === 0 ? problem.message : `${problem.message} (${details.join(', ')})`,
    file: problem.file ?? null,
    line: problem.line ?? null,
    column: problem.column ?? null,
    field: problem.field ?? null,
  };
}
