import type { CallView, ShiftReview, ShiftReviewRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import {
  diffResources,
  keyOf,
  type Resource,
  type ResourceStore,
  type TrafficShiftSpec,
  toYaml,
} from '@meshwise/resources';
import { conditionOf, problemOf } from '../operations/api-problem.ts';
import type { Judge } from '../operations/judge.ts';
import { readInput } from '../operations/read-input.ts';
import { callersOf, callsTo, sumCalls } from './figures.ts';
import { type Names, withParts } from './route.ts';
import { managedBy, SHIFT_MANAGER, type TrafficShift } from './state.ts';
import { findTarget, obstacles, type Target } from './target.ts';
import { shiftTargets } from './targets.ts';
import { specView } from './view.ts';
import { partsFor } from './weights.ts';
import { matchWords } from './words.ts';

export interface ReviewContext {
  readonly store: ResourceStore;
  readonly judge: Judge;
  readonly calls: readonly CallView[];
  readonly clusterDomain: string;
}

/** What a shift would do, before anything does: findings, the VirtualService as it will be, and whom it concerns. Changes nothing. */
export async function reviewShift(context: ReviewContext, request: ShiftReviewRequest): Promise<ShiftReview> {
  const { store, calls, clusterDomain } = context;
  const manifest = request.manifest ?? draftYaml(request);
  const { resources, problems } = readInput([{ name: 'shift.yaml', text: manifest }], 'default');
  const shift = resources.map(({ resource }) => resource).find(({ kind }) => kind === 'TrafficShift') as
    | TrafficShift
    | undefined;
  const namespace = shift?.metadata.namespace ?? 'default';
  const wrong = problems.some(({ severity }) => severity === 'error');
  const nothing: ShiftReview = {
    namespace,
    name: shift?.metadata.name ?? '',
    spec: shift?.spec === undefined || wrong ? null : specView(shift.spec),
    manifest,
    problems: problems.map(problemOf),
    obstacles: shift === undefined && !wrong ? ['the manifest holds no TrafficShift'] : [],
    warnings:
      resources.length > 1
        ? ['the manifest holds other resources too; they are applied with it, and not reviewed']
        : [],
    managedBy: null,
    changes: [],
    before: null,
    first: null,
    last: null,
    matches: [],
    callers: [],
    requestsPerSecond: null,
  };
  const spec = shift?.spec;
  if (shift === undefined || spec === undefined || wrong) return nothing;
  const names: Names = { namespace, clusterDomain };
  const versionCalls = spec.versions.flatMap((version) => callsTo(version, calls, names));
  const reviewed: ShiftReview = {
    ...nothing,
    obstacles: [...(await obstacles(store, shift, names)), ...(await nameTaken(store, shift))],
    warnings: [...nothing.warnings, ...(await warnings(context, spec, names))],
    callers: callersOf(versionCalls),
    requestsPerSecond: sumCalls(versionCalls).requestsPerSecond,
  };
  const found = await findTarget(store, shift.metadata.name, spec, names);
  if ('problem' in found) return reviewed;
  const target = found.found;
  const first = changed(shift, spec, target, names, 0, false);
  const last = changed(shift, spec, target, names, spec.steps.length - 1, true);
  const refused = await dryRun(store, first);
  return {
    ...reviewed,
    problems: [...reviewed.problems, ...conditionsOf(context.judge, target.virtualService, first, last)],
    obstacles: [...reviewed.obstacles, ...refused],
    managedBy: managedBy(target.virtualService),
    changes: diffResources(target.virtualService, first).map(({ path, before, after }) => ({
      path,
      before: before ?? null,
      after: after ?? null,
    })),
    before: specYaml(target.virtualService),
    first: specYaml(first),
    last: specYaml(last),
    matches: matchWords(target.route.route),
  };
}

function draftYaml({ draft }: ShiftReviewRequest): string {
  if (draft === undefined) throw new MeshwiseError('MW6006', 'a review takes a draft or a manifest');
  const { namespace, name, spec } = draft;
  return toYaml({ apiVersion: 'meshwise.dev/v1alpha1', kind: 'TrafficShift', metadata: { name, namespace }, spec });
}

/** Without what the server writes: a reader compares what people write. */
function specYaml({ apiVersion, kind, metadata: { name, namespace }, spec }: Resource): string {
  return toYaml({ apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec });
}

function changed(
  { metadata }: TrafficShift,
  spec: TrafficShiftSpec,
  { virtualService, route }: Target,
  names: Names,
  step: number,
  ended: boolean,
): Resource {
  const weights = spec.steps[step]?.weights ?? {};
  const parts = partsFor(route.parts, route.route, metadata.name, spec, weights, names, { ended });
  return withParts(virtualService, route.index, metadata.name, parts);
}

/** What the mesh would make of the VirtualService in the first step and at the end; the same is said once. */
function conditionsOf(judge: Judge, before: Resource, ...states: readonly Resource[]): ShiftReview['problems'] {
  const residues = states.flatMap((after) => {
    const { own, others } = judge.judge([{ key: keyOf(before), before, after }]);
    return [...own.values(), ...others.values()].flat();
  });
  const problems = residues.map((residue) => conditionOf(residue, undefined));
  return [...new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem])).values()];
}

/** What the store itself says of the first write. */
async function dryRun(store: ResourceStore, resource: Resource): Promise<string[]> {
  try {
    await store.update(resource, { fieldManager: SHIFT_MANAGER, dryRun: true });
    return [];
  } catch (error) {
    return [MeshwiseError.from(error).message];
  }
}

/** A shift that is over is a record, and its name stays taken. */
async function nameTaken(store: ResourceStore, { metadata }: TrafficShift): Promise<string[]> {
  const key = {
    group: 'meshwise.dev',
    kind: 'TrafficShift',
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
  };
  const there = (await store.get(key)) !== undefined;
  return there
    ? [`there is a TrafficShift ${key.namespace}/${key.name} already; choose another name or delete it`]
    : [];
}

async function warnings(
  { store, calls, clusterDomain }: ReviewContext,
  spec: TrafficShiftSpec,
  names: Names,
): Promise<string[]> {
  const targets = await shiftTargets(store, calls, clusterDomain);
  const known = targets.filter(({ namespace }) => namespace === names.namespace).flatMap(({ versions }) => versions);
  const gains = spec.versions.filter(({ name }) => spec.steps.some(({ weights }) => (weights[name] ?? 0) > 0));
  const empty = gains.filter(({ host, subset }) =>
    known.some((one) => one.host === host && one.subset === (subset ?? null) && one.podsReady === 0),
  );
  const ungated = spec.steps.filter(({ gate }) => gate === undefined).length;
  const quiet = sumCalls(gains.flatMap((version) => callsTo(version, calls, names))).requestsPerSecond ?? 0;
  return [
    ...empty.map(({ name }) => `version ${name} has no pod that is ready: what is sent there fails`),
    ...(ungated === spec.steps.length && ungated > 1
      ? ['no step has a gate: nothing but a person stops the shift']
      : []),
    ...(ungated < spec.steps.length && quiet === 0
      ? ['nobody calls these versions now: gates wait for requests before anything moves']
      : []),
    ...(spec.mirror === undefined
      ? []
      : ['copies count as requests of their version: shares cannot be observed, and gates see copies too']),
  ];
}
