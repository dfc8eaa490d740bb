import { create } from '@bufbuild/protobuf';
import type { PatchPlan } from '@meshwise/model';
import { TypedExtensionConfigSchema } from '../../gen/envoy/config/core/v3/extension_pb.js';
import type { HttpFilter } from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { memoise } from '../envoy/memoise.ts';
import type { EnvoyResource } from '../envoy/resource.ts';
import { parsedValue } from '../patch/parse-patch.ts';

/**
 * The HTTP filter that a patch brings, by itself. What is wrong with it is wrong in every listener, so it is asked about
 * once: a script that never ends would otherwise cost a time limit for each listener of each proxy.
 */
export const loneFilter = memoise((patch: PatchPlan): EnvoyResource | undefined => {
  if (patch.target !== 'HTTP_FILTER' || patch.operation === 'MERGE' || patch.operation === 'REMOVE') return undefined;
  const { name, configType } = (parsedValue(patch).message ?? {}) as Partial<HttpFilter>;
  if (name === undefined || configType?.case !== 'typedConfig') return undefined;
  const message = create(TypedExtensionConfigSchema, { name, typedConfig: configType.value });
  return { type: 'ECDS', name, message };
});
