import type { ShiftActionRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { ResourceStore } from '@meshwise/resources';
import { ACTIVE, phaseOf, SHIFT, type TrafficShift } from './state.ts';

type Action = ShiftActionRequest['action'];

const ASKED = {
  pause: { paused: true },
  resume: { paused: false },
  promote: { promote: true, paused: false },
  abort: { abort: true },
} as const satisfies Record<Action, object>;

export async function getShift(store: ResourceStore, namespace: string, name: string): Promise<TrafficShift> {
  const shift = await store.get({ ...SHIFT, namespace, name });
  if (shift === undefined)
    throw new MeshwiseError('MW2001', `there is no TrafficShift ${name} in namespace ${namespace}`);
  return shift as TrafficShift;
}

/** Writes what is asked into the spec, where the controller finds it. Throws MW2002 when the shift is past it. */
export async function actOnShift(
  store: ResourceStore,
  namespace: string,
  name: string,
  action: Action,
): Promise<TrafficShift> {
  const shift = await getShift(store, namespace, name);
  const phase = phaseOf(shift);
  const isOpen = phase === 'Pending' || ACTIVE.includes(phase) || (phase === 'Promoted' && action === 'abort');
  if (!isOpen) {
    throw new MeshwiseError(
      'MW2002',
      `TrafficShift ${namespace}/${name} is over (${phase}): ${action} comes too late`,
      {
        advice: 'Apply a new TrafficShift to shift again.',
      },
    );
  }
  const spec = { ...shift.spec, ...ASKED[action] };
  return (await store.update({ ...shift, spec }, { fieldManager: 'meshwise' })) as TrafficShift;
}
