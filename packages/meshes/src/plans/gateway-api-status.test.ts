import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import {
  backendTlsPolicy,
  classGateway,
  gatewayClass,
  gatewayOf,
  httpRoute,
  listener,
  proxyOf,
  rule,
  tcpRoute,
} from '../testing/class-gateway.ts';
import { TestMesh } from '../testing/mesh.ts';
import { age, service } from '../testing/resources.ts';

const base = [service('a', [{ name: 'http', port: 80 }])];
const run = service('gw-meshwise', [{ name: 'http', port: 80 }], { spec: { clusterIP: '10.96.7.7' } });
const meshOf = (...resources: readonly Resource[]) => new TestMesh(gatewayClass(), ...base, ...resources);
const statusOf = (mesh: TestMesh, resource: Resource) =>
  mesh.model.statuses().get(keyText(keyOf(resource))) as Record<string, never> | undefined;
interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}
const short = (conditions: readonly Condition[]) =>
  Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
const parentsOf = (mesh: TestMesh, resource: Resource) => {
  const { parents } = (statusOf(mesh, resource) ?? { parents: [] }) as {
    parents: readonly { parentRef: object; controllerName: string; conditions: readonly Condition[] }[];
  };
  return parents.map(({ conditions }) => short(conditions));
};
const gateway = gatewayOf('gw', listener('http', 80));
const route = (name: string, more: object = {}) =>
  httpRoute(name, { parentRefs: [{ name: 'gw' }], rules: [rule('a', 80)], ...more });

describe('001-77 the status of a GatewayClass', () => {
  it('is Accepted for ours and nothing for others', () => {
    const other = gatewayClass('other', 'example.com/controller');
    const mesh = meshOf(other);
    expect(short(statusOf(mesh, gatewayClass())?.['conditions'] ?? [])).toEqual({
      Accepted: 'True Accepted',
      SupportedVersion: 'True SupportedVersion',
    });
    expect(statusOf(mesh, other)).toBeUndefined();
  });
});

describe('001-77 the status of a Gateway', () => {
  const conditions = (mesh: TestMesh, resource = gateway) => short(statusOf(mesh, resource)?.['conditions'] ?? []);

  it('is Programmed when a proxy runs and its Service has an address', () => {
    const mesh = meshOf(gateway, route('r'));
    expect(conditions(mesh)).toMatchObject({ Accepted: 'True Accepted', Programmed: 'False AddressNotAssigned' });
    mesh.apply(run);
    expect(conditions(mesh)).toMatchObject({ Programmed: 'False Pending' });
    mesh.model.setProxy(proxyOf('gw'));
    expect(conditions(mesh)).toEqual({
      Accepted: 'True Accepted',
      Programmed: 'True Programmed',
      ResolvedRefs: 'True ResolvedRefs',
    });
    expect(statusOf(mesh, gateway)).toMatchObject({
      addresses: [{ type: 'IPAddress', value: '10.96.7.7' }],
      listeners: [
        {
          name: 'http',
          attachedRoutes: 1,
          supportedKinds: [
            { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
            { group: 'gateway.networking.k8s.io', kind: 'GRPCRoute' },
          ],
        },
      ],
    });
    mesh.model.removeProxy(proxyOf('gw').id);
    expect(conditions(mesh)).toMatchObject({ Programmed: 'False Pending' });
  });

  it('names listeners that cannot be told apart, and is refused when no other is there', () => {
    const one = listener('one', 80);
    const two = listener('two', 80);
    const some = gatewayOf('gw', one, two, listener('three', 81));
    const mesh = meshOf(some, route('r'));
    expect(conditions(mesh, some)).toMatchObject({ Accepted: 'True ListenersNotValid' });
    const listeners = (statusOf(mesh, some)?.['listeners'] ?? []) as readonly {
      name: string;
      attachedRoutes: number;
      conditions: readonly Condition[];
    }[];
    expect(
      listeners.map(({ name, conditions: all }) => [name, short(all)['Conflicted'], short(all)['Accepted']]),
    ).toEqual([
      ['one', 'True HostnameConflict', 'False HostnameConflict'],
      ['two', 'True HostnameConflict', 'False HostnameConflict'],
      ['three', 'False NoConflicts', 'True Accepted'],
    ]);
    const all = gatewayOf('gw', one, two);
    mesh.apply(all);
    expect(conditions(mesh, all)).toMatchObject({ Accepted: 'False ListenersNotValid', Programmed: 'False Invalid' });
  });

  it('tells kinds that a listener cannot carry, and protocols that are not served', () => {
    const kinds = [{ kind: 'HTTPRoute' }, { kind: 'TCPRoute' }, { group: 'example.com', kind: 'Odd' }];
    const odd = gatewayOf('gw', listener('http', 80, { allowedRoutes: { kinds } }), {
      name: 'udp',
      port: 53,
      protocol: 'UDP',
    });
    const listeners = (statusOf(meshOf(odd), odd)?.['listeners'] ?? []) as readonly {
      supportedKinds: readonly { kind: string }[];
      conditions: readonly Condition[];
    }[];
    expect(listeners.map((one) => [one.supportedKinds.map(({ kind }) => kind), short(one.conditions)])).toMatchObject([
      [['HTTPRoute'], { ResolvedRefs: 'False InvalidRouteKinds', Accepted: 'True Accepted' }],
      [[], { Accepted: 'False UnsupportedProtocol' }],
    ]);
  });

  it('is not written for Gateways of others, and tells addresses that cannot be used', () => {
    const other = classGateway('other', { gatewayClassName: 'someone', listeners: [listener('http', 80)] });
    const at = (type: string, value: string) =>
      classGateway('gw', {
        gatewayClassName: 'meshwise',
        addresses: [{ type, value }],
        listeners: [listener('http', 80)],
      });
    expect(statusOf(meshOf(other), other)).toBeUndefined();
    expect(meshOf(other).remarks(other)).toEqual(['invalid: spec.gatewayClassName: there is no GatewayClass someone']);
    const foreign = gatewayClass('someone', 'example.com/controller');
    expect(meshOf(other, foreign).remarks(other)).toEqual([
      'info: spec.gatewayClassName: nothing is run here for example.com/controller',
    ]);
    const [gone, ip, odd] = [at('Hostname', 'gone.default.svc'), at('IPAddress', '192.0.2.1'), at('x.dev/y', 'z')];
    expect(conditions(meshOf(gone), gone)).toMatchObject({ Programmed: 'False AddressNotUsable' });
    expect(conditions(meshOf(ip, run), ip)).toMatchObject({ Programmed: 'False AddressNotUsable' });
    expect(conditions(meshOf(odd), odd)).toMatchObject({ Accepted: 'False UnsupportedAddress' });
  });
});

describe('001-77 the status of routes', () => {
  it.each<[string, object, object]>([
    ['attached', {}, { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' }],
    ['of another section', { parentRefs: [{ name: 'gw', sectionName: 'x' }] }, { Accepted: 'False NoMatchingParent' }],
    ['of another port', { parentRefs: [{ name: 'gw', port: 81 }] }, { Accepted: 'False NoMatchingParent' }],
    [
      'without a backend',
      { rules: [rule('gone', 80)] },
      { Accepted: 'True Accepted', ResolvedRefs: 'False BackendNotFound' },
    ],
    [
      'with a backend of another kind',
      { rules: [{ backendRefs: [{ kind: 'Odd', group: 'example.com', name: 'a' }] }] },
      { ResolvedRefs: 'False InvalidKind' },
    ],
    [
      'with a backend that is not granted',
      { rules: [{ backendRefs: [{ name: 'a', namespace: 'far', port: 80 }] }] },
      { ResolvedRefs: 'False RefNotPermitted' },
    ],
    [
      'with a rule that cannot be carried out',
      { rules: [rule('a', 80), { filters: [{ type: 'ExtensionRef' }], backendRefs: [{ name: 'a', port: 80 }] }] },
      { Accepted: 'True Accepted', PartiallyInvalid: 'True UnsupportedValue' },
    ],
    ['of a Service', { parentRefs: [{ group: '', kind: 'Service', name: 'a' }] }, { Accepted: 'True Accepted' }],
    [
      'of no Service',
      { parentRefs: [{ group: '', kind: 'Service', name: 'gone' }] },
      { Accepted: 'False NoMatchingParent' },
    ],
  ])('HTTPRoute %s', (_name, more, expected) => {
    const mine = route('r', more);
    expect(parentsOf(meshOf(gateway, mine), mine)).toMatchObject([expected]);
  });

  it('refuses routes whose kind or hostname no listener has', () => {
    const tcp = tcpRoute('t', { parentRefs: [{ name: 'gw' }], rules: [{ backendRefs: [{ name: 'a', port: 80 }] }] });
    const named = route('r', { hostnames: ['x.example.com'] });
    const mesh = meshOf(gatewayOf('gw', listener('http', 80, { hostname: 'y.example.com' })), tcp, named);
    expect(parentsOf(mesh, tcp)).toMatchObject([{ Accepted: 'False NotAllowedByListeners' }]);
    expect(parentsOf(mesh, named)).toMatchObject([{ Accepted: 'False NoMatchingListenerHostname' }]);
    expect(mesh.remarks(tcp)).toHaveLength(1);
    expect(mesh.remarks(named)).toHaveLength(1);
  });

  it('has an entry for each parent that is ours, as it is written, and none for others', () => {
    const other = classGateway('other', { gatewayClassName: 'someone', listeners: [listener('http', 80)] });
    const mine = route('r', {
      parentRefs: [{ name: 'gw', sectionName: 'http' }, { name: 'other' }, { name: 'gone' }, { name: 'gw', port: 80 }],
    });
    const mesh = meshOf(gateway, other, mine);
    const common = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default', name: 'gw' };
    expect(statusOf(mesh, mine)).toMatchObject({
      parents: [
        { parentRef: { ...common, sectionName: 'http' }, controllerName: 'meshwise.dev/gateway-controller' },
        { parentRef: { ...common, port: 80 } },
      ],
    });
    expect(mesh.remarks(mine)).toEqual(['invalid: spec.parentRefs[2]: there is no Gateway default/gone']);
  });

  it('agrees with the remarks, and says nothing twice of a route with parents of both kinds', () => {
    const both = route('r', {
      parentRefs: [{ name: 'gw' }, { group: '', kind: 'Service', name: 'a' }],
      rules: [rule('gone', 80)],
    });
    const mesh = meshOf(gateway, both);
    expect(parentsOf(mesh, both).map((one) => one['ResolvedRefs'])).toEqual([
      'False BackendNotFound',
      'False BackendNotFound',
    ]);
    expect(mesh.remarks(both)).toHaveLength(1);
  });

  it('stays the same object while nothing of it changes', () => {
    const mesh = meshOf(gateway, route('r'), backendTlsPolicy('p', {}));
    const before = mesh.model.statuses();
    mesh.apply(service('unrelated', [{ name: 'http', port: 80 }]));
    expect(mesh.model.statuses()).toBe(before);
    mesh.apply(httpRoute('s', { parentRefs: [{ name: 'gw' }], rules: [rule('a', 80)] }, age(1)));
    expect(mesh.model.statuses()).not.toBe(before);
  });
});
