import type { ItemOf } from '../model/fragment.ts';
import { byAge } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { ServiceItem } from '../model/service.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { View } from './view.ts';

export type ClassGateway = ItemOf<'gateway'>;

export const GATEWAY_API = 'gateway.networking.k8s.io';

/** What proxies that are run for a Gateway are labelled with (Gateway API, GEP-1762). */
export const GATEWAY_NAME_LABEL = `${GATEWAY_API}/gateway-name`;

/** GatewayClasses with these are ours; Istio's too, so that what was written for it runs as it is. */
export const OWN_CONTROLLER = 'meshwise.dev/gateway-controller';
export const GATEWAY_CONTROLLERS: readonly string[] = [OWN_CONTROLLER, 'istio.io/gateway-controller'];

export function isOurs({ controllerName }: ItemOf<'gateway-class'>): boolean {
  return GATEWAY_CONTROLLERS.includes(controllerName);
}

export interface ClassGateways {
  /** Gateways of the Gateway API whose class is ours, oldest first. */
  readonly all: Query<[], readonly ClassGateway[]>;
  /** One of them, by `namespace/name`. */
  readonly of: Query<[name: string], ClassGateway | undefined>;
  /** The controller that its class names. */
  controllerOf(gateway: ClassGateway): string;
  /** The Services that `spec.addresses` names by host, in place of a proxy that is run for it; undefined where one is run. */
  readonly servicesOf: Query<[name: string], readonly ServiceItem[] | undefined>;
  /** Whether proxies with these labels serve it. */
  isServedBy(gateway: ClassGateway, proxy: Pick<View, 'namespace' | 'labels'>): boolean;
}

export function nameOfGateway({ namespace, name }: ClassGateway): string {
  return `${namespace}/${name}`;
}

/** Which Gateways of the Gateway API are ours, and which proxies serve them. */
export function defineClassGateways({ engine, items, settings }: ResolveContext): ClassGateways {
  const classOf = ({ className = '' }: ClassGateway) => items.list('gatewayClass', className).find(isOurs);

  const of = engine.query('classGateway', (name: string): ClassGateway | undefined =>
    items.list('classGateway', name).find((gateway) => classOf(gateway) !== undefined),
  );

  const all = engine.query('classGateways', (): readonly ClassGateway[] =>
    items
      .keys('classGateway')
      .flatMap((name) => of(name) ?? [])
      .sort(byAge),
  );

  const serviceAt = (address: string, namespace: string): readonly ServiceItem[] => {
    const [name = '', inNamespace = namespace] = address.toLowerCase().split('.');
    const suffixes = ['', `.${inNamespace}`, `.${inNamespace}.svc`, `.${inNamespace}.svc.${settings.clusterDomain}`];
    if (!suffixes.includes(address.toLowerCase().slice(name.length))) return [];
    return items
      .list('serviceByNamespace', inNamespace)
      .filter((service) => service.name === name && service.host === undefined);
  };

  const servicesOf = engine.query('classGatewayServices', (name: string): readonly ServiceItem[] | undefined => {
    const { addresses = [], namespace = '' } = of(name) ?? {};
    const hosts = addresses.filter(({ type }) => type === 'Hostname');
    return hosts.length === 0 ? undefined : hosts.flatMap(({ value }) => serviceAt(value, namespace));
  });

  return {
    all,
    of,
    servicesOf,
    controllerOf: (gateway) => classOf(gateway)?.controllerName ?? OWN_CONTROLLER,
    isServedBy(gateway, { namespace, labels }) {
      const services = servicesOf(nameOfGateway(gateway));
      if (services === undefined) return namespace === gateway.namespace && labels[GATEWAY_NAME_LABEL] === gateway.name;
      return services.some(
        (service) =>
          service.namespace === namespace && service.selector !== undefined && selects(service.selector, labels),
      );
    },
  };
}
