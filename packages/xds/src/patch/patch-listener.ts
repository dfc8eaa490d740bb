import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import type { FilterChain } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { Listener } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { OUTBOUND_PORT } from '../envoy/capture-listeners.ts';
import { DNS, VIRTUAL_OUTBOUND } from '../envoy/workload-names.ts';
import { changedList, mapped } from './list-operations.ts';
import { mergedFilter, patchedFilters } from './patch-filters.ts';
import { chainMatches, type ListenerFacts, listenerFilterTest, listenerMatches } from './patch-match.ts';
import { isMerge, mergedWith, type PatchRun, patchValue } from './patch-run.ts';

/** Istio's name and port for all that comes into a workload. */
const VIRTUAL_INBOUND = 'virtualInbound';
const VIRTUAL_INBOUND_PORT = 15_006;

/** Listeners that belong to the platform are nobody's to patch: names, probes. */
export function isPatchable({ name, trafficDirection }: Listener): boolean {
  return trafficDirection !== TrafficDirection.UNSPECIFIED && name !== DNS;
}

export function factsOf({ name, trafficDirection }: Listener): ListenerFacts {
  if (name === VIRTUAL_OUTBOUND) return { names: [name], ports: [OUTBOUND_PORT], chainNames: [] };
  const port = Number(/_([0-9]+)$/.exec(name)?.[1]);
  if (trafficDirection !== TrafficDirection.INBOUND) return { names: [name], ports: [port], chainNames: [] };
  return {
    names: [name, VIRTUAL_INBOUND],
    ports: [port, VIRTUAL_INBOUND_PORT],
    chainNames: [`0.0.0.0_${port}`, VIRTUAL_INBOUND],
  };
}

/**
 * LISTENER (but ADD), LISTENER_FILTER, FILTER_CHAIN, NETWORK_FILTER and HTTP_FILTER. Undefined: removed; the listener
 * itself when nothing changes.
 */
export function patchedListener(listener: Listener, run: PatchRun): Listener | undefined {
  const facts = factsOf(listener);
  let next = listener;
  for (const patch of run.of('LISTENER', 'MERGE', 'MERGE_AND_REPLACE_LIST', 'REMOVE')) {
    if (!listenerMatches(patch, facts)) continue;
    run.found(patch);
    if (!isMerge(patch)) return undefined;
    next = mergedWith(next, patch);
  }
  return withChains(withListenerFilters(next, facts, run), facts, run);
}

function withListenerFilters(listener: Listener, facts: ListenerFacts, run: PatchRun): Listener {
  let filters: Listener['listenerFilters'] | readonly Listener['listenerFilters'][number][] = listener.listenerFilters;
  for (const patch of run.of('LISTENER_FILTER')) {
    if (!listenerMatches(patch, facts)) continue;
    const test = listenerFilterTest(patch);
    filters = changedList(filters, patch, test, run);
    if (patch.operation === 'MERGE' && test !== undefined) {
      const only = (candidate: typeof patch) => candidate === patch;
      filters = mapped(filters, (filter) => mergedFilter(filter, 'LISTENER_FILTER', listenerFilterTest, run, only));
    }
  }
  return filters === listener.listenerFilters ? listener : { ...listener, listenerFilters: [...filters] };
}

function withChains(listener: Listener, facts: ListenerFacts, run: PatchRun): Listener {
  const { filterChains, defaultFilterChain } = listener;
  const patched = filterChains.map((chain) => patchedChain(chain, facts, run));
  const last = defaultFilterChain === undefined ? undefined : patchedChain(defaultFilterChain, facts, run);
  const added = run.of('FILTER_CHAIN', 'ADD').filter((patch) => listenerMatches(patch, facts));
  for (const patch of added) run.found(patch);
  const isSame =
    added.length === 0 && last === defaultFilterChain && patched.every((chain, at) => chain === filterChains[at]);
  if (isSame) return listener;
  const chains = [
    ...patched.filter((chain) => chain !== undefined),
    ...added.map((patch) => patchValue<FilterChain>(patch)),
  ];
  const { defaultFilterChain: _, ...rest } = listener;
  return { ...rest, filterChains: chains, ...(last === undefined ? {} : { defaultFilterChain: last }) };
}

function patchedChain(chain: FilterChain, facts: ListenerFacts, run: PatchRun): FilterChain | undefined {
  const holds = (patch: Parameters<typeof listenerMatches>[0]) =>
    listenerMatches(patch, facts) && chainMatches(patch, facts, chain);
  let next = chain;
  for (const patch of run.of('FILTER_CHAIN', 'MERGE', 'MERGE_AND_REPLACE_LIST', 'REMOVE')) {
    if (!holds(patch)) continue;
    run.found(patch);
    if (!isMerge(patch)) return undefined;
    next = mergedWith(next, patch);
  }
  const filters = patchedFilters(next.filters, run, holds);
  return filters === next.filters ? next : { ...next, filters: [...filters] };
}
