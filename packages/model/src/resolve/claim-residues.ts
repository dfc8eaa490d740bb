import type { ItemOf } from '../model/fragment.ts';
import { selects } from '../model/labels.ts';
import type { Residue } from '../provenance.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { gatewaysOf, isForMesh } from './item-database.ts';
import type { Securities } from './security.ts';

type Routing = ItemOf<'routing'>;

/** Routes by claims of tokens where no token is verified: at sidecars, and at gateways without a RequestAuthentication. */
export function defineClaimResidues(
  { engine, items }: ResolveContext,
  securities: Securities,
  proxies: Query<[], readonly ProxyDescriptor[]>,
): Query<[], readonly Residue[]> {
  /** The gateways of a routing that run, none of which verifies tokens. */
  const withoutTokens = (routing: Routing): readonly string[] =>
    gatewaysOf(routing).filter((name) => {
      const selectors = items.list('gateway', name).map(({ selector }) => selector);
      const serving = proxies().filter(
        ({ role, labels }) => role === 'gateway' && selectors.some((selector) => selects(selector, labels)),
      );
      const verifies = (proxy: ProxyDescriptor) => securities.tokenPoliciesFor(securities.subjectOf(proxy)).length > 0;
      return serving.length > 0 && !serving.some(verifies);
    });

  const ofRouting = engine.query('claimResidues', (key: string): readonly Residue[] =>
    items.list('routing', key).flatMap((routing) => {
      const rule = routing.rules.find(({ matches }) => matches.some(({ http }) => http.claims !== undefined));
      if (rule === undefined || routing.hosts.length === 0) return [];
      const remark = (message: string): Residue => {
        const origin = { ...rule.origin, field: `${rule.origin.field}.match` };
        return { origin, severity: 'invalid', message: `${origin.field}: ${message}` };
      };
      return [
        ...(isForMesh(routing) ? [remark('claims are known at gateways only; sidecars do not take this way')] : []),
        ...withoutTokens(routing).map((name) =>
          remark(`no RequestAuthentication holds for the gateway ${name}, so that no request there has claims`),
        ),
      ];
    }),
  );

  return engine.query('allClaimResidues', () => items.keys('routing').flatMap((key) => ofRouting(key)));
}
