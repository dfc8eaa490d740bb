import type { Clock } from '@meshwise/core';
import { PROXY_CONTAINER, type ProxyManager } from '@meshwise/platform';
import type { PodSpec, ResourceStore } from '@meshwise/resources';

const LOOK_MS = 50;

/**
 * Resolves when the gateways that an earlier daemon left are known again, or after a while: until then nobody can say that
 * none runs.
 */
export async function untilGatewaysAreBack(
  store: Pick<ResourceStore, 'list'>,
  proxies: Pick<ProxyManager, 'all'>,
  clock: Clock,
  options: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { items } = await store.list({ group: '', kind: 'Pod' });
  const wanted = items
    .filter(({ spec, metadata }) => {
      const { containers } = spec as PodSpec;
      const isGateway = containers.length === 1 && containers[0]?.name === PROXY_CONTAINER;
      return isGateway && metadata.deletionTimestamp === undefined;
    })
    .map(({ metadata }) => metadata.uid);
  const areBack = () => {
    const known = new Set(proxies.all().map(({ pod }) => pod?.uid));
    return wanted.every((uid) => known.has(uid));
  };
  const untilMs = clock.monotonicMs() + options.withinMs;
  while (!areBack() && clock.monotonicMs() < untilMs) await clock.sleep(LOOK_MS, options.signal);
}
