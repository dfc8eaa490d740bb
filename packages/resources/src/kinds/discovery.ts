import { endpointSliceFields } from './endpoint-slice.ts';
import { defineKind } from './kind.ts';

export const discoveryKinds = [
  defineKind({
    group: 'discovery.k8s.io',
    versions: ['v1'],
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    fields: endpointSliceFields,
  }),
] as const;
