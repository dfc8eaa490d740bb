import { create, type Message } from '@bufbuild/protobuf';
import { type Any, anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import type { PatchPlan } from '@meshwise/model';
import { type Filter, FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import {
  type HttpConnectionManager,
  HttpConnectionManagerSchema,
  type HttpFilter,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { placeOf } from './filter-class.ts';
import { changedList, mapped } from './list-operations.ts';
import { mergedAny } from './merge.ts';
import { httpFilterTest, networkFilterTest } from './patch-match.ts';
import { patchedRouteConfiguration } from './patch-routes.ts';
import { type PatchRun, patchValue } from './patch-run.ts';

/** Whether a patch is for this filter chain. */
export type Holds = (patch: PatchPlan) => boolean;

/** NETWORK_FILTER, and HTTP_FILTER inside of them; the list itself when nothing changes. */
export function patchedFilters(filters: readonly Filter[], run: PatchRun, holds: Holds): readonly Filter[] {
  let next = filters;
  for (const patch of run.of('NETWORK_FILTER')) {
    if (holds(patch)) next = changedList(next, patch, networkFilterTest(patch), run);
  }
  return mapped(next, (filter) =>
    patchedHttp(mergedFilter(filter, 'NETWORK_FILTER', networkFilterTest, run, holds), run, holds),
  );
}

interface TypedFilter extends Message {
  readonly name: string;
  readonly configType: { readonly case: string | undefined; readonly value?: unknown };
}

/** MERGE of filters: the name, and the configuration when it is of the same type. The filter itself otherwise. */
export function mergedFilter<T extends TypedFilter>(
  filter: T,
  target: 'NETWORK_FILTER' | 'HTTP_FILTER' | 'LISTENER_FILTER',
  testOf: (patch: PatchPlan) => ((filter: T) => boolean) | undefined,
  run: PatchRun,
  holds: Holds,
): T {
  let next = filter;
  for (const patch of run.of(target, 'MERGE')) {
    if (!holds(patch) || testOf(patch)?.(next) === false) continue;
    if (next.configType.case !== 'typedConfig') {
      run.failed(patch, `${next.name} has its configuration elsewhere and cannot be merged with`);
      continue;
    }
    const value = patchValue<T>(patch);
    run.found(patch);
    let config = next.configType.value as Any;
    if (value.configType.case === 'typedConfig') {
      const both = mergedAny(config, value.configType.value as Any);
      if (both === undefined) run.failed(patch, `the configuration of ${next.name} is of another type`);
      config = both ?? config;
    }
    const name = value.name === '' ? next.name : value.name;
    next = { ...next, name, configType: { case: 'typedConfig', value: config } };
  }
  return next;
}

const MANAGER = 'envoy.filters.network.http_connection_manager';

function patchedHttp(filter: Filter, run: PatchRun, holds: Holds): Filter {
  const isConcerned = run.has('HTTP_FILTER', 'ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE');
  if (filter.name !== MANAGER || !isConcerned || filter.configType.case !== 'typedConfig') return filter;
  const manager = anyUnpack(filter.configType.value, HttpConnectionManagerSchema);
  if (manager === undefined) return filter;
  const next = patchedRoutes(patchedHttpFilters(manager, filter, run, holds), run);
  if (next === manager) return filter;
  const value = anyPack(HttpConnectionManagerSchema, next);
  return create(FilterSchema, { name: filter.name, configType: { case: 'typedConfig', value } });
}

function patchedHttpFilters(
  manager: HttpConnectionManager,
  filter: Filter,
  run: PatchRun,
  holds: Holds,
): HttpConnectionManager {
  const holdsHere: Holds = (patch) => holds(patch) && networkFilterTest(patch)?.(filter) !== false;
  let filters: readonly HttpFilter[] = manager.httpFilters;
  for (const patch of run.of('HTTP_FILTER')) {
    if (!holdsHere(patch)) continue;
    if (patch.filterClass === undefined) filters = changedList(filters, patch, httpFilterTest(patch), run);
    else {
      run.found(patch);
      filters = filters.toSpliced(placeOf(patch.filterClass, filters), 0, patchValue<HttpFilter>(patch));
    }
  }
  filters = mapped(filters, (inner) => mergedFilter(inner, 'HTTP_FILTER', httpFilterTest, run, holdsHere));
  return filters === manager.httpFilters ? manager : { ...manager, httpFilters: [...filters] };
}

/** Routes that stand in the listener itself: those of what comes in. */
function patchedRoutes(manager: HttpConnectionManager, run: PatchRun): HttpConnectionManager {
  const { routeSpecifier } = manager;
  if (routeSpecifier.case !== 'routeConfig') return manager;
  const value = patchedRouteConfiguration(routeSpecifier.value, run);
  return value === routeSpecifier.value ? manager : { ...manager, routeSpecifier: { case: 'routeConfig', value } };
}
