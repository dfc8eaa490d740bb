import { keyOf, type Resource } from '@meshwise/resources';
import type { ControllerDefinition } from '../runtime/controller.ts';
import { DONE, type Result } from '../runtime/reconciler.ts';
import { type Condition, timestamp, withCondition } from '../support/conditions.ts';
import { type ControllerContext, FIELD_MANAGER, writeChanged, writeStatus } from '../support/context.ts';
import { ENDPOINT_SLICE, type EndpointSlice, POD, type Pod, SERVICE, type Service } from '../support/kinds.ts';
import { both, toController } from '../support/mapping.ts';
import { isDeleting } from '../support/ownership.ts';
import { matchesSelector, selectorText } from '../support/selector.ts';
import { desiredSlices, MANAGED_BY, MANAGED_BY_LABEL, SERVICE_NAME_LABEL } from './desired.ts';

/** Says on a Service whether its selector finds pods, and whether any of them is ready. */
export const ENDPOINTS_CONDITION = 'meshwise.dev/EndpointsReady';

/** Keeps the EndpointSlices of services with a selector equal to the pods it selects. */
export function endpointSliceController(context: ControllerContext): ControllerDefinition {
  return {
    name: 'endpointslice',
    kind: SERVICE,
    workers: 4,
    watches: [
      { kind: POD, mapTo: both((pod) => servicesOf(context, pod)) },
      { kind: ENDPOINT_SLICE, mapTo: toController(SERVICE) },
    ],
    reconcile: async (key) => {
      const service = (await context.store.get(key)) as Service | undefined;
      return service === undefined || isDeleting(service) ? DONE : reconcile(context, service);
    },
  };
}

async function reconcile(context: ControllerContext, service: Service): Promise<Result> {
  const namespace = service.metadata.namespace ?? '';
  const managed = await context.store.list(ENDPOINT_SLICE, {
    namespace,
    labelSelector: `${SERVICE_NAME_LABEL}=${service.metadata.name},${MANAGED_BY_LABEL}=${MANAGED_BY}`,
  });
  if (!selects(service)) {
    // Without a selector the slices are the user's own; only what an earlier selector left is removed.
    for (const slice of managed.items) await context.store.delete(keyOf(slice));
    return DONE;
  }
  const labelSelector = selectorText({ matchLabels: service.spec?.selector ?? {} });
  const pods = (await context.store.list(POD, { namespace, labelSelector })).items as readonly Pod[];
  const wanted = desiredSlices(service, pods);
  await write(context, managed.items as readonly EndpointSlice[], wanted);
  await writeStatus(context.store, service, statusOf(context, service, pods.length, wanted));
  return DONE;
}

/** New and changed slices first, removals last: an endpoint that moves between slices is never missing. */
async function write(
  context: ControllerContext,
  present: readonly EndpointSlice[],
  wanted: readonly EndpointSlice[],
): Promise<void> {
  for (const slice of wanted) {
    const before = present.find((other) => other.metadata.name === slice.metadata.name);
    if (before === undefined) await context.store.create(slice, { fieldManager: FIELD_MANAGER });
    else
      await writeChanged(context.store, before, {
        ...before,
        ...slice,
        metadata: { ...before.metadata, ...slice.metadata },
      });
  }
  for (const slice of present) {
    if (!wanted.some((other) => other.metadata.name === slice.metadata.name)) await context.store.delete(keyOf(slice));
  }
}

function statusOf(
  context: ControllerContext,
  service: Service,
  selected: number,
  slices: readonly EndpointSlice[],
): object {
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const ready = endpoints.filter((endpoint) => endpoint.conditions?.ready === true).length;
  const condition = { type: ENDPOINTS_CONDITION, ...judge(service, selected, ready) };
  const now = timestamp(context.clock.nowMs());
  return { ...service.status, conditions: withCondition(service.status?.conditions, condition, now) };
}

function judge(service: Service, selected: number, ready: number): Pick<Condition, 'status' | 'reason' | 'message'> {
  if (ready > 0) return { status: 'True', reason: 'EndpointsReady', message: 'At least one selected pod is ready.' };
  if (selected > 0) return { status: 'False', reason: 'NoPodReady', message: 'No selected pod is ready.' };
  const selector = selectorText({ matchLabels: service.spec?.selector ?? {} });
  const message = `No pod in namespace ${service.metadata.namespace ?? ''} has the labels ${selector}.`;
  return { status: 'False', reason: 'NoPodSelected', message };
}

function selects(service: Service): boolean {
  return service.spec?.type !== 'ExternalName' && Object.keys(service.spec?.selector ?? {}).length > 0;
}

/** Services whose selector matches a pod. A service not seen yet is reconciled when it is. */
function servicesOf(context: ControllerContext, pod: Resource) {
  return ([...context.cached(SERVICE)] as readonly Service[])
    .filter((service) => service.metadata.namespace === pod.metadata.namespace)
    .filter(
      (service) =>
        selects(service) && matchesSelector({ matchLabels: service.spec?.selector ?? {} }, pod.metadata.labels),
    )
    .map(keyOf);
}
