import { ControllerGroup } from '@meshwise/platform';
import { keyOf, type ResourceKey } from '@meshwise/resources';
import type { ShiftContext } from './context.ts';
import { ShiftReconciler } from './reconcile.ts';
import { SHIFT, type TrafficShift, VIRTUAL_SERVICE } from './state.ts';

/** The controller of TrafficShifts, ready to `run`. A VirtualService that changes concerns the shifts that name it. */
export function shiftControllers(context: ShiftContext): ControllerGroup {
  const { store, clock, logger } = context;
  const group = new ControllerGroup({ store, clock, logger });
  const reconciler = new ShiftReconciler(context);
  group.add({
    name: 'traffic-shift',
    kind: SHIFT,
    watches: [
      {
        kind: VIRTUAL_SERVICE,
        mapTo: ({ current, previous }) => {
          const { name, namespace } = (current ?? previous)?.metadata ?? {};
          return [...group.sources.of(SHIFT).cached()]
            .filter((shift) => {
              const { spec, metadata } = shift as TrafficShift;
              return metadata.namespace === namespace && spec?.targetRef?.name === name;
            })
            .map((shift): ResourceKey => keyOf(shift));
        },
      },
    ],
    reconcile: (key) => reconciler.reconcile(key),
  });
  return group;
}
