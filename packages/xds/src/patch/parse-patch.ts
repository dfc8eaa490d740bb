import { type DescMessage, fromJson, type JsonValue, type Message } from '@bufbuild/protobuf';
import type { PatchPlan, PatchTarget } from '@meshwise/model';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { TypedExtensionConfigSchema } from '../../gen/envoy/config/core/v3/extension_pb.js';
import {
  FilterChainSchema,
  FilterSchema,
  ListenerFilterSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { RouteSchema, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { HttpFilterSchema } from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { registry } from '../../gen/registry.js';
import { memoise } from '../envoy/memoise.ts';
import { nativeCodeIn, tame } from './tame-code.ts';

/** The message that is patched, by `applyTo`. */
export const PATCHED: Readonly<Record<PatchTarget, DescMessage>> = {
  LISTENER: ListenerSchema,
  FILTER_CHAIN: FilterChainSchema,
  LISTENER_FILTER: ListenerFilterSchema,
  NETWORK_FILTER: FilterSchema,
  HTTP_FILTER: HttpFilterSchema,
  ROUTE_CONFIGURATION: RouteConfigurationSchema,
  VIRTUAL_HOST: VirtualHostSchema,
  HTTP_ROUTE: RouteSchema,
  CLUSTER: ClusterSchema,
  EXTENSION_CONFIG: TypedExtensionConfigSchema,
};

export interface ParsedValue {
  /** Undefined when there is none, or none that can be understood. */
  readonly message?: Message;
  /** Why the patch cannot be applied. */
  readonly problem?: string;
  /** What of it was left out. */
  readonly remark?: string;
}

/**
 * The value of a patch as the message it stands for (protobuf JSON). As Istio, fields that the message does not have are
 * left out rather than refused, since the value may be meant for another version of Envoy; here it is said.
 */
export const parsedValue = memoise((plan: PatchPlan): ParsedValue => {
  if (plan.value === undefined) return {};
  const unknown = unknownTypes(plan.value);
  if (unknown.length > 0) {
    return {
      problem: nativeCodeIn(unknown) ?? `${unknown.join(', ')} is no type that proxies of this mesh are known to have`,
    };
  }
  const schema = PATCHED[plan.target];
  try {
    return tamedValue(fromJson(schema, plan.value as JsonValue, { registry }));
  } catch (strict) {
    try {
      const message = fromJson(schema, plan.value as JsonValue, { registry, ignoreUnknownFields: true });
      return tamedValue(message, `is applied without what ${schema.typeName} does not have: ${text(strict)}`);
    } catch (error) {
      return { problem: text(error) };
    }
  }
});

function tamedValue(message: Message, remark?: string): ParsedValue {
  const problem = tame(message);
  if (problem !== undefined) return { problem };
  return remark === undefined ? { message } : { message, remark };
}

/** Types of `Any`s that the registry does not have. */
function unknownTypes(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(unknownTypes);
  const url = (value as Readonly<Record<string, unknown>>)['@type'];
  if (typeof url !== 'string' || registry.getMessage(url.slice(url.lastIndexOf('/') + 1)) !== undefined) return inner;
  return [...new Set([url, ...inner])];
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
