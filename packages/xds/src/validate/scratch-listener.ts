import { anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import type { Filter, FilterChain } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { Listener } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { TapSchema } from '../../gen/envoy/extensions/filters/http/tap/v3/tap_pb.js';
import {
  HttpConnectionManagerSchema,
  type HttpFilter,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';

/**
 * A listener as it can be judged: without taps that the administration interface controls, on which an Envoy 1.40 that
 * only validates crashes, since it has no such interface.
 */
export function judgeable(listener: Listener): Listener {
  const { defaultFilterChain } = listener;
  return {
    ...listener,
    filterChains: listener.filterChains.map(withoutTaps),
    ...(defaultFilterChain === undefined ? {} : { defaultFilterChain: withoutTaps(defaultFilterChain) }),
  };
}

function withoutTaps(chain: FilterChain): FilterChain {
  return { ...chain, filters: chain.filters.map(withoutTap) };
}

function withoutTap(filter: Filter): Filter {
  const config = filter.configType;
  const manager = config.case === 'typedConfig' ? anyUnpack(config.value, HttpConnectionManagerSchema) : undefined;
  if (manager === undefined || !manager.httpFilters.some(isAdminTap)) return filter;
  const httpFilters = manager.httpFilters.filter((inner) => !isAdminTap(inner));
  const value = anyPack(HttpConnectionManagerSchema, { ...manager, httpFilters });
  return { ...filter, configType: { case: 'typedConfig', value } };
}

function isAdminTap({ configType }: HttpFilter): boolean {
  const tap = configType.case === 'typedConfig' ? anyUnpack(configType.value, TapSchema) : undefined;
  return tap?.commonConfig?.configType.case === 'adminConfig';
}
