import { Type } from 'typebox';
import { WorkloadEntrySpecSchema } from './istio-workload-entry.ts';
import { allOptional, listMap, opt, Port, StringMap, type TypeOf, text } from './schema.ts';

const ServiceEntryPort = Type.Object({
  number: Port,
  name: Type.String({ minLength: 1 }),
  protocol: opt(Type.String()),
  targetPort: opt(Port),
});

/** networking.istio.io ServiceEntry. */
export const ServiceEntrySpecSchema = Type.Object({
  hosts: Type.Array(text('istio-host'), { minItems: 1, maxItems: 256 }),
  addresses: opt(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 256 })),
  ports: opt(listMap(ServiceEntryPort, 'name')),
  location: opt(Type.Enum(['MESH_EXTERNAL', 'MESH_INTERNAL'])),
  resolution: opt(Type.Enum(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'])),
  endpoints: opt(Type.Array(WorkloadEntrySpecSchema, { maxItems: 4096 })),
  workloadSelector: opt(allOptional({ labels: StringMap })),
  exportTo: opt(Type.Array(Type.String())),
  subjectAltNames: opt(Type.Array(Type.String())),
});
export type ServiceEntrySpec = TypeOf<typeof ServiceEntrySpecSchema>;
