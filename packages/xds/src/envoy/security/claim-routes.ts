import type { GatewayServerPlan, VirtualHostPlan } from '@meshwise/model';
import { memoise } from '../memoise.ts';

/** Whether claims of tokens decide at a gateway where requests go (Istio, VirtualService headers `@request.auth.claims`). */
export const routesByClaims = memoise((servers: readonly GatewayServerPlan[]): boolean => servers.some(isByClaims));

const isByClaims = memoise((server: GatewayServerPlan): boolean => {
  if (server.protocol === 'http') return server.virtualHosts.some(asksForClaims);
  if (server.protocol === 'tcp') return false;
  return server.terminating.some(({ http }) => http?.virtualHosts.some(asksForClaims));
});

const asksForClaims = memoise(({ routes }: VirtualHostPlan): boolean =>
  routes.some(({ match }) => (match.claims ?? []).length > 0),
);
