import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { HttpFunctions } from '@meshwise/model';
import { TypedExtensionConfigSchema } from '../../gen/envoy/config/core/v3/extension_pb.js';
import { HTTPFaultSchema } from '../../gen/envoy/extensions/filters/http/fault/v3/fault_pb.js';
import { HeaderMutationSchema } from '../../gen/envoy/extensions/filters/http/header_mutation/v3/header_mutation_pb.js';
import { LocalRateLimitSchema } from '../../gen/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit_pb.js';
import { LuaSchema } from '../../gen/envoy/extensions/filters/http/lua/v3/lua_pb.js';
import { RateLimitSchema } from '../../gen/envoy/extensions/filters/http/ratelimit/v3/rate_limit_pb.js';
import {
  type HttpFilter,
  HttpFilterSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { DEADLINE_FILTER, deadlineFilter } from './deadlines.ts';
import { FAULT_FILTER, faultFilter } from './faults.ts';
import { packed } from './packing.ts';
import {
  GLOBAL_RATE_LIMIT_FILTERS,
  globalRateLimitFilter,
  LOCAL_RATE_LIMIT_FILTER,
  localRateLimitFilter,
} from './rate-limits.ts';
import { ADS, type EnvoyResource } from './resource.ts';

/** A filter that does nothing, in place of one that the mesh does not use. */
const IDLE = packed(HeaderMutationSchema, {});

interface Discovered {
  readonly name: string;
  /** Message types that may come under this name. */
  readonly types: readonly string[];
  /** Also in front of the program. */
  readonly atServer?: true;
  config(functions: HttpFunctions): Any;
}

const idleOr = (type: string) => [type, HeaderMutationSchema.typeName];

/** In the order in which requests pass them. */
const DISCOVERED: readonly Discovered[] = [
  {
    name: DEADLINE_FILTER,
    types: idleOr(LuaSchema.typeName),
    config: ({ deadlines }) => (deadlines === true ? deadlineFilter() : IDLE),
  },
  {
    name: LOCAL_RATE_LIMIT_FILTER,
    types: [LocalRateLimitSchema.typeName],
    atServer: true,
    config: () => localRateLimitFilter(),
  },
  ...(['allow', 'deny'] as const).map((onFailure) => ({
    name: GLOBAL_RATE_LIMIT_FILTERS[onFailure],
    types: idleOr(RateLimitSchema.typeName),
    atServer: true as const,
    config: ({ globalRateLimits }: HttpFunctions) =>
      globalRateLimits === true ? globalRateLimitFilter(onFailure) : IDLE,
  })),
  { name: FAULT_FILTER, types: [HTTPFaultSchema.typeName], config: () => faultFilter() },
];

function discovered({ name, types }: Discovered): HttpFilter {
  const typeUrls = types.map((type) => `type.googleapis.com/${type}`);
  return create(HttpFilterSchema, {
    name,
    configType: { case: 'configDiscovery', value: { configSource: ADS, typeUrls } },
  });
}

/**
 * The filters of a connection manager that come by ECDS: an LDS change would leave open connections on the old ones.
 * Where requests leave their client or enter the mesh, all of them; in front of the program, its limits.
 */
export const CLIENT_FILTERS: readonly HttpFilter[] = DISCOVERED.map(discovered);
export const SERVER_FILTERS: readonly HttpFilter[] = DISCOVERED.filter(({ atServer }) => atServer === true).map(
  discovered,
);

const known = new Map<string, readonly EnvoyResource[]>();

/** Their configurations, the same for every proxy of a mesh that uses the same functions. */
export function extensionConfigs(functions: HttpFunctions = {}): readonly EnvoyResource[] {
  const key = `${functions.deadlines === true} ${functions.globalRateLimits === true}`;
  const printed =
    known.get(key) ??
    DISCOVERED.map(({ name, config }): EnvoyResource => {
      const message = create(TypedExtensionConfigSchema, { name, typedConfig: config(functions) });
      return { type: 'ECDS', name, message };
    });
  known.set(key, printed);
  return printed;
}
