import { keyOf } from '@meshwise/resources';
import { type AddressRange, allocate, contains } from './cluster-ip.ts';
import type { ControllerDefinition } from './runtime/controller.ts';
import { DONE, type Result } from './runtime/reconciler.ts';
import { timestamp, withCondition, withoutCondition } from './support/conditions.ts';
import { type ControllerContext, writeChanged, writeStatus } from './support/context.ts';
import { SERVICE, type Service } from './support/kinds.ts';
import { isDeleting } from './support/ownership.ts';

/** Says on a Service why it has no address of its own. Absent when all is well. */
export const ADDRESS_CONDITION = 'meshwise.dev/AddressAllocated';

/**
 * Gives services their cluster address. Which addresses are taken is read from the services themselves, so nothing has
 * to be remembered across restarts, nothing is given twice, and a deleted service's address is free at once. One worker,
 * since two allocations at a time could choose the same address.
 */
export function serviceController(context: ControllerContext, range: AddressRange): ControllerDefinition {
  return {
    name: 'service',
    kind: SERVICE,
    workers: 1,
    watches: [{ kind: SERVICE, mapTo: (change) => (change.current === undefined ? refused(context) : []) }],
    reconcile: async (key) => {
      const service = (await context.store.get(key)) as Service | undefined;
      return service === undefined || isDeleting(service) ? DONE : reconcile(context, range, service);
    },
  };
}

async function reconcile(context: ControllerContext, range: AddressRange, service: Service): Promise<Result> {
  if (service.spec?.type === 'ExternalName' || service.spec?.clusterIP === 'None') {
    return refuse(context, service, undefined);
  }
  const others = (await context.store.list(SERVICE)).items as readonly Service[];
  const asked = service.spec?.clusterIP ?? '';
  if (asked === '') {
    const used = new Set(others.map((other) => other.spec?.clusterIP ?? ''));
    const address = allocate(range, used, `${service.metadata.namespace}/${service.metadata.name}`);
    if (address === undefined) return refuse(context, service, `No address is left in ${range.cidr}.`);
    const spec = { ...service.spec, clusterIP: address, clusterIPs: [address] };
    return refuse(context, await writeChanged(context.store, service, { ...service, spec }), undefined);
  }
  if (!contains(range, asked)) return refuse(context, service, `${asked} is not in the service range ${range.cidr}.`);
  const holder = others.find((other) => other.spec?.clusterIP === asked && isOlder(other, service));
  if (holder === undefined) return refuse(context, service, undefined);
  const { namespace, name } = keyOf(holder);
  return refuse(context, service, `${asked} belongs to the service ${namespace}/${name}.`);
}

/** Of two services with one address the older keeps it. */
function isOlder(other: Service, service: Service): boolean {
  if (other.metadata.uid === service.metadata.uid) return false;
  const a = `${other.metadata.creationTimestamp ?? ''}/${other.metadata.uid ?? ''}`;
  return a < `${service.metadata.creationTimestamp ?? ''}/${service.metadata.uid ?? ''}`;
}

async function refuse(context: ControllerContext, service: Service, message: string | undefined): Promise<Result> {
  const before = service.status?.conditions;
  const now = timestamp(context.clock.nowMs());
  const conditions =
    message === undefined
      ? withoutCondition(before, ADDRESS_CONDITION)
      : withCondition(before, { type: ADDRESS_CONDITION, status: 'False', reason: 'AddressRefused', message }, now);
  const { conditions: _before, ...status } = service.status ?? {};
  await writeStatus(context.store, service, { ...status, ...(conditions.length === 0 ? {} : { conditions }) });
  return DONE;
}

/** When a service goes, its address may be what another one waits for. */
function refused(context: ControllerContext) {
  return [...context.cached(SERVICE)]
    .filter((service) => (service as Service).status?.conditions?.some(({ type }) => type === ADDRESS_CONDITION))
    .map(keyOf);
}
