import { Type } from 'typebox';
import { allOptional, atomic, opt, StringMap, type TypeOf } from './schema.ts';

const Reference = allOptional(
  {
    apiVersion: Type.String(),
    kind: Type.String(),
    name: Type.String(),
    namespace: Type.String(),
    uid: Type.String(),
    resourceVersion: Type.String(),
    fieldPath: Type.String(),
  },
  atomic,
);

const EndpointSchema = Type.Object({
  addresses: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
  conditions: opt(allOptional({ ready: Type.Boolean(), serving: Type.Boolean(), terminating: Type.Boolean() })),
  hostname: opt(Type.String()),
  nodeName: opt(Type.String()),
  zone: opt(Type.String()),
  targetRef: opt(Reference),
  deprecatedTopology: opt(StringMap),
  hints: opt(
    allOptional({
      forZones: Type.Array(Type.Object({ name: Type.String() })),
      forNodes: Type.Array(Type.Object({ name: Type.String() })),
    }),
  ),
});
export type Endpoint = TypeOf<typeof EndpointSchema>;

const EndpointPortSchema = allOptional({
  name: Type.String({ default: '' }),
  protocol: Type.Enum(['TCP', 'UDP', 'SCTP'], { default: 'TCP' }),
  port: Type.Integer({ minimum: 1, maximum: 65535 }),
  appProtocol: Type.String(),
});

/** discovery.k8s.io/v1 EndpointSlice keeps its data beside `metadata`, not under `spec`. */
export const endpointSliceFields = {
  addressType: Type.Enum(['IPv4', 'IPv6', 'FQDN']),
  endpoints: opt(Type.Array(EndpointSchema)),
  ports: opt(Type.Array(EndpointPortSchema)),
};
export const EndpointSliceData = Type.Object(endpointSliceFields);
export type EndpointSliceData = TypeOf<typeof EndpointSliceData>;
