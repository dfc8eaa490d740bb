import type { Clock } from '@meshwise/core';
import type { LoadPlan } from '@meshwise/load';
import { probeTarget } from '@meshwise/load/node';
import type { Way } from './way.ts';

/**
 * Tries what a run would ask, once; null when it answers, else why not. From inside there is nothing to try with before the pod is
 * there, so it is looked at whether anybody stands ready.
 */
export async function tryWay({ service, from }: Way, plan: LoadPlan, clock: Clock): Promise<string | null> {
  if (service !== undefined && service.pods.length === 0) {
    return `service ${service.name}.${service.namespace} has no pod that is ready`;
  }
  return from === 'inside' ? null : probeTarget(plan, clock);
}
