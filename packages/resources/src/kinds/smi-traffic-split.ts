import { Type } from 'typebox';
import { opt, Quantity, text } from './schema.ts';

/** A Service of the namespace of the split, by its name or full name. */
const ServiceName = text('dns-subdomain');
const WholeWeight = Type.Integer({ minimum: 0 });

/** SMI speaks of weights that mean something beside each other only: 1 and 1 is half and half. */
const backends = (weight: typeof WholeWeight | typeof Quantity) =>
  Type.Array(Type.Object({ service: ServiceName, weight }), { minItems: 1 });

/** split.smi-spec.io/v1alpha1, whose weights are quantities: `500m`. */
export const TrafficSplitV1Alpha1SpecSchema = Type.Object({ service: ServiceName, backends: backends(Quantity) });

/** split.smi-spec.io/v1alpha2. */
export const TrafficSplitV1Alpha2SpecSchema = Type.Object({ service: ServiceName, backends: backends(WholeWeight) });

/** split.smi-spec.io/v1alpha3 and v1alpha4, which are alike. Only requests that `matches` describes are split. */
export const TrafficSplitSpecSchema = Type.Object({
  service: ServiceName,
  matches: opt(Type.Array(Type.Object({ kind: Type.Enum(['HTTPRouteGroup']), name: text('dns-subdomain') }))),
  backends: backends(WholeWeight),
});
