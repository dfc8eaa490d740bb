import { Type } from 'typebox';
import { WorkloadSelectorSchema } from './istio-common.ts';
import { allOptional, Count, StringMap, type TypeOf } from './schema.ts';

/** networking.istio.io ProxyConfig. */
export const ProxyConfigSpecSchema = allOptional({
  selector: WorkloadSelectorSchema,
  concurrency: Count,
  environmentVariables: StringMap,
  image: allOptional({ imageType: Type.String() }),
});
export type ProxyConfigSpec = TypeOf<typeof ProxyConfigSpecSchema>;
