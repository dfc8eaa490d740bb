import type { Resource } from '@meshwise/resources';

const GROUPS: Readonly<Record<string, string>> = {
  TrafficSplit: 'split.smi-spec.io',
  TrafficTarget: 'access.smi-spec.io',
  HTTPRouteGroup: 'specs.smi-spec.io',
  TCPRoute: 'specs.smi-spec.io',
  UDPRoute: 'specs.smi-spec.io',
};

/** A resource of SMI: `smi('TrafficSplit/v1alpha1', 'shop/web', { spec })`, in `default` unless a namespace is given. */
export function smi(kindAndVersion: string, name: string, body: object, meta: object = {}): Resource {
  const [kind = '', version = ''] = kindAndVersion.split('/');
  const [namespace, own] = name.includes('/') ? name.split('/', 2) : ['default', name];
  const metadata = { namespace, name: own, ...meta };
  return { apiVersion: `${GROUPS[kind]}/${version}`, kind, metadata, ...body } as Resource;
}

/** A TrafficSplit of the last version; weights by the name of the backend. */
export function trafficSplit(
  name: string,
  service: string,
  weights: Readonly<Record<string, number>>,
  more: { readonly groups?: readonly string[]; readonly meta?: object } = {},
): Resource {
  const backends = Object.entries(weights).map(([backend, weight]) => ({ service: backend, weight }));
  const matches = more.groups?.map((group) => ({ kind: 'HTTPRouteGroup', name: group }));
  const spec = { service, ...(matches === undefined ? {} : { matches }), backends };
  return smi('TrafficSplit/v1alpha4', name, { spec }, more.meta);
}

/** A TrafficTarget of the last version, for `namespace/account` and from several of them. */
export function trafficTarget(
  name: string,
  destination: string,
  sources: readonly string[],
  rules: readonly object[],
): Resource {
  const account = (written: string) => {
    const [namespace, own] = written.includes('/') ? written.split('/', 2) : [undefined, written];
    return { kind: 'ServiceAccount', name: own, ...(namespace === undefined ? {} : { namespace }) };
  };
  const spec = { destination: account(destination), sources: sources.map(account), rules };
  return smi('TrafficTarget/v1alpha3', name, { spec });
}

/** An HTTPRouteGroup of the last version. */
export function httpRouteGroup(name: string, ...matches: readonly object[]): Resource {
  return smi('HTTPRouteGroup/v1alpha4', name, { spec: { matches } });
}

/** A TCPRoute of the last version; without ports, all of them. */
export function tcpRoute(name: string, ...ports: readonly number[]): Resource {
  return smi('TCPRoute/v1alpha4', name, { spec: { matches: { ports } } });
}
