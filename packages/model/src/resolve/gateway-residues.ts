import type { Residue } from '../provenance.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { gatewayTls } from './gateway-tls.ts';
import { type Gateways, gatewayView } from './gateways.ts';

/**
 * What gateways that run cannot serve of the Gateways that select them: servers behind an older one, and TLS without
 * usable certificates. What no gateway runs for is no remark: it may come later.
 */
export function defineGatewayResidues(
  context: ResolveContext,
  gateways: Gateways,
  proxies: Query<[], readonly ProxyDescriptor[]>,
): Query<[], readonly Residue[]> {
  return context.engine.query('gatewayResidues', () => {
    const found = new Map<string, Residue>();
    for (const { role, namespace, labels } of proxies()) {
      if (role !== 'gateway') continue;
      const { ports, conflicts } = gateways.serversFor(gatewayView(namespace, labels));
      const lost = gateways.lostFor(gatewayView(namespace, labels));
      const remarks = [...conflicts, ...lost].map(({ origin, message }) => ({
        origin,
        message: `${message}; it is left out`,
      }));
      for (const { server } of ports.flatMap(({ servers }) => servers)) {
        const tls = server.tls === undefined ? undefined : gatewayTls(context, server.tls, namespace);
        if (tls === undefined || !('problem' in tls)) continue;
        const origin = { ...server.origin, field: `${server.origin.field}.tls` };
        remarks.push({ origin, message: `${tls.problem}; ${server.hosts.join(', ')} cannot be reached here` });
      }
      for (const { origin, message } of remarks) {
        const residue: Residue = { origin, severity: 'invalid', message: `${origin.field}: ${message}` };
        found.set(`${JSON.stringify(origin)} ${message}`, residue);
      }
    }
    return [...found.values()];
  });
}
