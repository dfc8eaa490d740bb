import { Type } from 'typebox';
import { allOptional, atMostOne, opt, Port, StringMap, type TypeOf, text } from './schema.ts';

export const StringMatchSchema = allOptional(
  { exact: Type.String(), prefix: Type.String(), regex: text('regex') },
  atMostOne('exact', 'prefix', 'regex'),
);
export type StringMatch = TypeOf<typeof StringMatchSchema>;

export const DestinationSchema = Type.Object({
  host: Type.String({ minLength: 1 }),
  subset: opt(Type.String()),
  port: opt(allOptional({ number: Port })),
});
export type Destination = TypeOf<typeof DestinationSchema>;

const HeaderOperations = allOptional({ set: StringMap, add: StringMap, remove: Type.Array(Type.String()) });
export const HeadersSchema = allOptional({ request: HeaderOperations, response: HeaderOperations });

export const PercentSchema = allOptional({ value: Type.Number({ minimum: 0, maximum: 100 }) });

/** Istio's `selector` of a workload: labels that must all be equal. */
export const WorkloadSelectorSchema = allOptional({ matchLabels: StringMap });
/** `status` of every Istio kind. */
export const IstioStatusSchema = allOptional({
  conditions: Type.Array(Type.Unknown()),
  validationMessages: Type.Array(Type.Unknown()),
  observedGeneration: Type.Union([Type.Integer(), Type.String()], { 'x-kubernetes-int-or-string': true }),
});
