import type { BackendTlsItem } from '../model/attached-route.ts';
import { serviceHost } from '../model/host-name.ts';
import type { Origin, Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import { type Attachments, isGatewayParent, nameOfRoute } from './attachments.ts';
import type { BackendTls } from './backend-tls.ts';
import { type ClassGateways, isOurs, nameOfGateway } from './class-gateways.ts';
import type { ClassListeners } from './class-listeners.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { refusalOf, unresolvedOf } from './gateway-statuses.ts';
import { referencesOf } from './routes.ts';
import { isServiceParent } from './service-routes.ts';

/**
 * What the status of Gateways, of what is attached to them and of BackendTLSPolicies says of them, as remarks on the
 * fields that are to blame: both come from the same answers.
 */
export function defineClassResidues(
  { engine, items, services, settings }: ResolveContext,
  parts: {
    readonly gateways: ClassGateways;
    readonly listeners: ClassListeners;
    readonly attachments: Attachments;
    readonly destinations: Destinations;
    readonly backendTls: BackendTls;
    readonly policies: DestinationPolicies;
  },
): Query<[], readonly Residue[]> {
  const { gateways, listeners, attachments, destinations, backendTls, policies } = parts;

  /** Gateways that nobody here runs. */
  const ofClasses = (): readonly Residue[] =>
    items
      .keys('classGateway')
      .flatMap((name) => items.list('classGateway', name))
      .flatMap(({ className = '', origin }): readonly Residue[] => {
        const classes = items.list('gatewayClass', className);
        const at = { ...origin, field: 'spec.gatewayClassName' };
        if (classes.length === 0) return [remark(at, `there is no GatewayClass ${className}`)];
        if (classes.some(isOurs)) return [];
        const message = `${at.field}: nothing is run here for ${classes[0]?.controllerName}`;
        return [{ origin: at, severity: 'info', message }];
      });

  const ofGateways = (): readonly Residue[] =>
    gateways.all().flatMap((gateway) => {
      const missing = (gateways.servicesOf(nameOfGateway(gateway))?.length === 0 ? (gateway.addresses ?? []) : [])
        .filter(({ type }) => type === 'Hostname')
        .map(({ value, origin }) => remark(origin, `there is no Service ${value}`));
      const ofListeners = listeners(nameOfGateway(gateway)).flatMap((listener) => {
        const { server } = listener;
        // What the reader found it has told itself.
        const fault = server.problem === undefined ? (refusalOf(listener) ?? unresolvedOf(listener)) : undefined;
        return fault === undefined ? [] : [remark(server.origin, fault.message)];
      });
      return [...missing, ...ofListeners];
    });

  const ofRoute = engine.query('attachedRouteResidues', (name: string): readonly Residue[] =>
    items.list('attachedRoute', name).flatMap((route) => {
      const parents = route.parents.filter(isGatewayParent);
      const absent = parents
        .filter((parent) => items.list('classGateway', `${parent.namespace}/${parent.name}`).length === 0)
        .map(({ origin, namespace, name: gateway }) => remark(origin, `there is no Gateway ${namespace}/${gateway}`));
      const refused = attachments
        .ofRoute(name)
        .flatMap(({ parent, refusal }) => (refusal === undefined ? [] : [remark(parent.origin, refusal.message)]));
      const known = parents.find((parent) => gateways.of(`${parent.namespace}/${parent.name}`) !== undefined);
      if (known === undefined) return [...absent, ...refused];
      const http = destinations.rulesOf(route).flatMap(referencesOf);
      const bytes = route.byteRules.flatMap((rule) => rule.destinations);
      // What is refused to clients of a Service as well is told there.
      const isTold = (destination: Parameters<Destinations['backendOf']>[1]) =>
        route.parents.some(isServiceParent) && 'refused' in destinations.backendOf(route, destination);
      const unresolved = [...http, ...bytes].flatMap((destination) => {
        const found = destinations.backendOf(route, destination, `${known.namespace}/${known.name}`);
        if (!('refused' in found) || isTold(destination)) return [];
        return [remark(destination.origin, `${found.message}; its share is refused`)];
      });
      return [...absent, ...refused, ...unresolved];
    }),
  );

  /** Clients for whom a DestinationRule says it, as those of the policy's own namespace see it. */
  const overruled = (policy: BackendTlsItem, { name, sectionName, origin }: BackendTlsItem['targets'][number]) => {
    const host = serviceHost(name, policy.namespace, settings.clusterDomain);
    const key = services.keyFor(host, policy.namespace);
    const view = policies.viewOf(key, policy.namespace);
    const ports = tcpPorts(services.of(key)).filter((port) => sectionName === undefined || port.name === sectionName);
    const isSaid = ports.some(({ port }) => policies.settingsOf(key, port, '', view).tls !== undefined);
    return isSaid ? [remark(origin, 'a DestinationRule says what TLS is spoken there, and goes before it')] : [];
  };

  const ofPolicies = (): readonly Residue[] => {
    const all = items.keys('backendTlsByService').flatMap((name) => items.list('backendTlsByService', name));
    return [...new Set(all)].flatMap((policy) => {
      const unresolved = backendTls.unresolved(policy);
      const field = 'spec.validation.caCertificateRefs';
      return [
        ...(unresolved === undefined ? [] : [remark({ ...policy.origin, field }, unresolved.message)]),
        ...policy.targets.flatMap((target) => {
          const refusal = backendTls.refusal(policy, target);
          if (refusal === undefined) return overruled(policy, target);
          return refusal.reason === 'NoValidCACertificate' ? [] : [remark(target.origin, refusal.message)];
        }),
      ];
    });
  };

  return engine.query('classResidues', () => [
    ...ofClasses(),
    ...ofGateways(),
    ...items
      .keys('attachedRoute')
      .flatMap((name) => items.list('attachedRoute', name))
      .flatMap((route) => ofRoute(nameOfRoute(route))),
    ...ofPolicies(),
  ]);
}

function remark(origin: Origin, message: string): Residue {
  return { origin, severity: 'invalid', message: `${origin.field}: ${message}` };
}
