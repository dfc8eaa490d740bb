import { Type } from 'typebox';
import { WorkloadEntrySpecSchema } from './istio-workload-entry.ts';
import { Annotations, Labels } from './meta.ts';
import { allOptional, atMostOne, Count, opt, Port, type TypeOf } from './schema.ts';

const HttpGet = Type.Object({
  path: opt(Type.String()),
  port: Port,
  host: opt(Type.String()),
  scheme: opt(Type.String()),
  httpHeaders: opt(Type.Array(allOptional({ name: Type.String(), value: Type.String() }))),
});

const ReadinessProbe = allOptional(
  {
    initialDelaySeconds: Count,
    timeoutSeconds: Count,
    periodSeconds: Count,
    successThreshold: Count,
    failureThreshold: Count,
    httpGet: HttpGet,
    tcpSocket: Type.Object({ host: opt(Type.String()), port: Port }),
    exec: allOptional({ command: Type.Array(Type.String()) }),
    grpc: allOptional({ port: Port, service: Type.String() }),
  },
  atMostOne('httpGet', 'tcpSocket', 'exec', 'grpc'),
);

/** networking.istio.io WorkloadGroup. */
export const WorkloadGroupSpecSchema = Type.Object({
  metadata: opt(allOptional({ labels: Labels, annotations: Annotations })),
  template: WorkloadEntrySpecSchema,
  probe: opt(ReadinessProbe),
});
export type WorkloadGroupSpec = TypeOf<typeof WorkloadGroupSpecSchema>;
