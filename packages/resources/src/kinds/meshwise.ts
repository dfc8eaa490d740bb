import { defineKind } from './kind.ts';
import { opt } from './schema.ts';
import { TrafficPolicySpecSchema } from './traffic-policy.ts';
import { TrafficShiftSpecSchema, TrafficShiftStatusSchema } from './traffic-shift.ts';

const meshwise = { group: 'meshwise.dev', versions: ['v1alpha1'] } as const;

/** Kinds of our own. */
export const meshwiseKinds = [
  defineKind({
    ...meshwise,
    kind: 'TrafficPolicy',
    plural: 'trafficpolicies',
    shortNames: ['tp'],
    fields: { spec: TrafficPolicySpecSchema },
  }),
  defineKind({
    ...meshwise,
    kind: 'TrafficShift',
    plural: 'trafficshifts',
    shortNames: ['shift'],
    fields: { spec: TrafficShiftSpecSchema, status: opt(TrafficShiftStatusSchema) },
  }),
] as const;
