import { Type } from 'typebox';
import { allOptional, Port, StringMap, type TypeOf } from './schema.ts';

/** Fields of a WorkloadEntry, which are also those of ServiceEntry `endpoints` and of WorkloadGroup `template`. */
export const WorkloadEntrySpecSchema = allOptional({
  address: Type.String({ maxLength: 256 }),
  ports: Type.Record(Type.String(), Port),
  labels: StringMap,
  network: Type.String(),
  locality: Type.String(),
  weight: Type.Integer({ minimum: 0, maximum: 4294967295 }),
  serviceAccount: Type.String({ maxLength: 253 }),
});
export type WorkloadEntrySpec = TypeOf<typeof WorkloadEntrySpecSchema>;
