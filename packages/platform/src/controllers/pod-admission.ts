import type { ControllerDefinition } from './runtime/controller.ts';
import { DONE } from './runtime/reconciler.ts';
import { type ControllerContext, writeChanged } from './support/context.ts';
import { POD, type Pod } from './support/kinds.ts';
import { isDeleting } from './support/ownership.ts';
import { isFinished, KUBELET_FINALIZER } from './support/pods.ts';

/**
 * Admits pods that somebody stored without going through a controller (`apply` of a bare Pod). In a cluster a mutating
 * webhook does it while the request is under way; here it happens just after, under a field manager of our own, so that
 * applying the same file again finds its own fields as they were and changes nothing. The kubelet takes no pod without
 * its finalizer, so no pod runs unadmitted.
 */
export function podAdmissionController(context: ControllerContext): ControllerDefinition {
  return {
    name: 'pod-admission',
    kind: POD,
    reconcile: async (key) => {
      const pod = (await context.store.get(key)) as Pod | undefined;
      if (pod === undefined || isDeleting(pod) || isFinished(pod)) return DONE;
      if (pod.metadata.finalizers?.includes(KUBELET_FINALIZER) === true) return DONE;
      await writeChanged(context.store, pod, await context.admit(pod));
      return DONE;
    },
  };
}
