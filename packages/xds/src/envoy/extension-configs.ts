import { create } from '@bufbuild/protobuf';
import { TypedExtensionConfigSchema } from '../../gen/envoy/config/core/v3/extension_pb.js';
import { FAULT_FILTER, faultFilter } from './faults.ts';
import type { EnvoyResource } from './resource.ts';

/** The HTTP filters that listeners name and that come by ECDS, the same for every proxy. */
export const HTTP_EXTENSION_CONFIGS: readonly EnvoyResource[] = [
  {
    type: 'ECDS',
    name: FAULT_FILTER,
    message: create(TypedExtensionConfigSchema, { name: FAULT_FILTER, typedConfig: faultFilter() }),
  },
];
