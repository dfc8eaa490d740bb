import type { ApplyOutcome, ApplyRequest, ApplyResponse, DeleteRequest, ResourceVerdict } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import {
  keyOf,
  keyText,
  type Problem,
  type Resource,
  type ResourceKey,
  type TransactionalStore,
  type Write,
} from '@meshwise/resources';
import { problemOf } from './api-problem.ts';
import { fieldChanges } from './field-changes.ts';
import { resolveKind } from './find-kind.ts';
import type { Judge, ProposedChange } from './judge.ts';
import { type Input, readInput } from './read-input.ts';
import { rejections, verdictsOn } from './verdicts.ts';

const FIELD_MANAGER = 'meshwise';

/** What operations on the configuration work with. */
export interface Configuration {
  readonly store: TransactionalStore;
  readonly judge: Judge;
}

/** Applies all resources of all files, or none of them when one is wrong. */
export async function apply(configuration: Configuration, request: ApplyRequest): Promise<ApplyResponse> {
  const { store } = configuration;
  const input = readInput(request.files, request.namespace ?? 'default');
  const dryRun = request.dryRun ?? false;
  if (hasErrors(input)) return answer(dryRun, [], input.problems, rejections(input));
  const { changes, outcomes } = await trial(store, input, request);
  const verdicts = await verdictsOn(configuration.judge, changes, input);
  const refused = refusedBy(verdicts);
  if (refused.length > 0)
    return { dryRun, outcomes: [], problems: [...input.problems.map(problemOf), ...refused], verdicts };
  if (dryRun) return answer(dryRun, outcomes, input.problems, verdicts);
  const results = await store.transaction(writesFor(input, request), { revision: reasonOf('apply', outcomes) });
  const done = results.map((result, index) => ({
    object: objectOf(result.resource ?? resourceAt(input, index)),
    outcome: result.outcome,
  }));
  return answer(dryRun, done, input.problems, verdicts);
}

/** What `apply` would change, field by field, without changing it. */
export async function diff({ store, judge }: Configuration, request: ApplyRequest): Promise<ApplyResponse> {
  const input = readInput(request.files, request.namespace ?? 'default');
  if (hasErrors(input)) return answer(true, [], input.problems, rejections(input));
  const { changes, outcomes, befores, afters } = await trial(store, input, request);
  const detailed = outcomes.map((outcome, index) => ({
    ...outcome,
    changes: fieldChanges(befores[index], afters[index] ?? resourceAt(input, index)),
  }));
  return answer(true, detailed, input.problems, await verdictsOn(judge, changes, input));
}

/** Deletes what the files name, or named resources of a kind. What is not there is said, not an error. */
export async function remove({ store, judge }: Configuration, request: DeleteRequest): Promise<ApplyResponse> {
  const dryRun = request.dryRun ?? false;
  const namespace = request.namespace ?? 'default';
  const input = readInput(request.files ?? [], namespace);
  const malformed = input.problems.filter((problem) => problem.code === 'MW1001' || problem.code === 'MW1002');
  if (malformed.length > 0) return answer(dryRun, [], malformed, []);
  const targets = [
    ...input.resources.map(({ resource }) => ({ apiVersion: resource.apiVersion, key: keyOf(resource) })),
    ...(await namedTargets(store, request, namespace)),
  ];
  const befores = await Promise.all(targets.map(({ key }) => store.get(key)));
  const outcomes: ApplyOutcome[] = targets.map(({ apiVersion, key }, index) => ({
    object: { apiVersion, kind: key.kind, namespace: key.namespace, name: key.name },
    outcome: befores[index] === undefined ? 'absent' : 'deleted',
  }));
  const changes = targets.map(({ key }, index): ProposedChange => ({ key, before: befores[index], after: undefined }));
  const verdicts = await verdictsOn(judge, changes, { resources: [], problems: [] });
  await store.transaction(
    targets.map(({ key }): Write => ({ operation: 'delete', key })),
    { dryRun, revision: reasonOf('delete', outcomes) },
  );
  return answer(dryRun, outcomes, [], verdicts);
}

async function namedTargets(store: TransactionalStore, request: DeleteRequest, namespace: string) {
  if (request.kind === undefined) return [];
  const kind = await resolveKind(store, request.kind);
  return (request.names ?? []).map((name): { apiVersion: string; key: ResourceKey } => {
    const key = { group: kind.group, kind: kind.kind, namespace: kind.namespaced ? namespace : '', name };
    return { apiVersion: kind.apiVersion, key };
  });
}

/** The result of a request, tried in the store and taken back. */
async function trial(store: TransactionalStore, input: Input, request: ApplyRequest) {
  const befores = await Promise.all(input.resources.map(({ resource }) => store.get(keyOf(resource))));
  const results = await store.transaction(writesFor(input, request), { dryRun: true });
  const afters = results.map(({ resource }, index) => resource ?? resourceAt(input, index));
  const outcomes = results.map(
    ({ outcome }, index): ApplyOutcome => ({ object: objectOf(afters[index] ?? resourceAt(input, index)), outcome }),
  );
  // A resource that stands twice in a request counts as its last form.
  const changes = new Map<string, ProposedChange>();
  for (const [index, after] of afters.entries()) {
    const key = keyOf(after);
    const before = changes.get(keyText(key))?.before ?? befores[index];
    changes.set(keyText(key), { key, before, after });
  }
  return { befores, afters, outcomes, changes: [...changes.values()] };
}

function refusedBy(verdicts: readonly ResourceVerdict[]): ResourceVerdict['conditions'] {
  return verdicts.flatMap(({ conditions }) => conditions.filter(({ severity }) => severity === 'error'));
}

function hasErrors(input: Input): boolean {
  return input.problems.some((problem) => problem.severity === 'error');
}

function resourceAt(input: Input, index: number): Resource {
  const one = input.resources[index];
  if (one === undefined) throw new MeshwiseError('MW0001', 'a write had no resource');
  return one.resource;
}

function writesFor({ resources }: Input, request: ApplyRequest): Write[] {
  return resources.map(({ resource }) => ({
    operation: 'apply',
    resource,
    options: { fieldManager: request.fieldManager ?? FIELD_MANAGER, force: request.force ?? false },
  }));
}

/** In a list of revisions: `apply VirtualService default/reviews and 2 more`. */
function reasonOf(verb: string, outcomes: readonly ApplyOutcome[]): string {
  const changed = outcomes.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'absent');
  const [first] = changed;
  if (first === undefined) return verb;
  const { kind, namespace, name } = first.object;
  const more = changed.length === 1 ? '' : ` and ${changed.length - 1} more`;
  return `${verb} ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}${more}`;
}

function objectOf(resource: Resource): ApplyOutcome['object'] {
  const { apiVersion, kind, metadata } = resource;
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

function answer(
  dryRun: boolean,
  outcomes: ApplyOutcome[],
  problems: readonly Problem[],
  verdicts: ResourceVerdict[],
): ApplyResponse {
  return { dryRun, outcomes, problems: problems.map(problemOf), verdicts };
}
