import type { GatewayView } from '@meshwise/api';
import { proxyHealth } from './proxies-view.ts';
import type { SeenProxy } from './snapshot.ts';

/** What is said of a gateway that nothing stands in front of, or behind. */
export interface GatewayWords {
  readonly withoutProxy: string;
  readonly withoutRoutes: string;
}

/** How well a port of a gateway is served. */
export function gatewayHealth(
  proxies: readonly SeenProxy[],
  listening: boolean,
  routes: number,
  words: GatewayWords,
): Pick<GatewayView, 'health' | 'reason'> {
  if (proxies.length === 0) return { health: 'failing', reason: words.withoutProxy };
  if (!listening) return { health: 'failing', reason: 'nothing listens for this port' };
  const judged = proxies.map(proxyHealth);
  const running = judged.filter((judgement) => judgement.health !== 'failing');
  if (running.length === 0) return { health: 'failing', reason: `its proxy: ${judged[0]?.reason ?? 'does not run'}` };
  const troubled = judged.find((judgement) => judgement.health !== 'healthy');
  if (troubled !== undefined) return { health: 'degraded', reason: `its proxy: ${troubled.reason}` };
  if (routes === 0) return { health: 'degraded', reason: words.withoutRoutes };
  return { health: 'healthy', reason: null };
}
