import type { TcpListenerPlan } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { age, destinationRule, service, virtualService } from '../testing/resources.ts';

const db = service('db', [{ name: 'tcp', port: 3306 }], { spec: { clusterIP: '10.96.0.5' } });
const secure = service('secure', [{ name: 'tls', port: 443 }], { spec: { clusterIP: '10.96.0.6' } });
const open = service('open', [{ name: 'web', port: 8080 }], { spec: { clusterIP: '10.96.0.7' } });
const subsets = destinationRule('db', { host: 'db', subsets: [{ name: 'v1' }, { name: 'v2' }] });
const mesh = (...resources: readonly Resource[]) => new TestMesh(db, secure, open, subsets, ...resources);

const to = (host: string, subset?: string, weight?: number) => ({
  destination: { host, ...(subset === undefined ? {} : { subset }) },
  ...(weight === undefined ? {} : { weight }),
});
const listenerAt = (plan: TestMesh, address: string, namespace?: string): TcpListenerPlan | undefined =>
  plan.sidecar(namespace).tcpListeners.find((listener) => listener.address === address);
const leads = (listener: Pick<TcpListenerPlan, 'destinations'> | undefined) =>
  listener?.destinations
    .map(({ cluster, weight }) => `${cluster.split('|').slice(1, 3).join('|')}:${weight}`)
    .join(' ');
const chains = (listener: TcpListenerPlan | undefined) =>
  listener?.chains?.map(({ destinations, serverNames, destinationCidrs, sourceCidrs }) => [
    ...(serverNames ?? []),
    ...(destinationCidrs ?? []),
    ...(sourceCidrs ?? []).map((cidr) => `from ${cidr}`),
    `→ ${leads({ destinations })}`,
  ]);

describe('VirtualService tcp (001-41)', () => {
  const tcp = (rules: readonly object[], spec: object = {}, created = 0) =>
    virtualService(`db-${created}`, { hosts: ['db'], tcp: rules, ...spec }, age(created));

  it('VirtualService tcp.route.weight splits connections', () => {
    const plan = mesh(tcp([{ route: [to('db', 'v1', 80), to('db', 'v2', 20), to('db', 'v3', 0)] }]));
    expect(leads(listenerAt(plan, '10.96.0.5'))).toBe('3306|v1:80 3306|v2:20');
    expect(listenerAt(plan, '10.96.0.5')).not.toHaveProperty('chains');
  });

  it('VirtualService tcp.match.destinationSubnets and sourceSubnet become chains, and the rest goes on as before', () => {
    const rules = [
      { match: [{ destinationSubnets: ['10.96.0.0/24', '10.97.0.0/16'] }], route: [to('db', 'v1')] },
      { match: [{ sourceSubnet: '10.244.1.0/24' }], route: [to('db', 'v2')] },
      { match: [{ destinationSubnets: ['10.96.0.1/24'] }], route: [to('db', 'v2')] },
    ];
    const listener = listenerAt(mesh(tcp(rules)), '10.96.0.5');
    expect(chains(listener)).toEqual([
      ['10.96.0.0/24', '→ 3306|v1:100'],
      ['10.97.0.0/16', '→ 3306|v1:100'],
      ['from 10.244.1.0/24', '→ 3306|v2:100'],
    ]);
    expect(leads(listener)).toBe('3306|:100');
  });

  it.each([
    ['port', { port: 1 }],
    ['sourceLabels', { sourceLabels: { app: 'a' } }],
    ['sourceNamespace', { sourceNamespace: 'shop' }],
    ['gateways', { gateways: ['edge'] }],
  ])('VirtualService tcp.match.%s leaves out rules that are for others', (_, match) => {
    expect(leads(listenerAt(mesh(tcp([{ match: [match], route: [to('db', 'v1')] }])), '10.96.0.5'))).toBe('3306|:100');
  });

  it('tells clients apart by namespace', () => {
    const plan = mesh(tcp([{ match: [{ sourceNamespace: 'shop' }], route: [to('db', 'v1')] }]));
    expect(leads(listenerAt(plan, '10.96.0.5', 'shop'))).toBe('3306|v1:100');
    expect(leads(listenerAt(plan, '10.96.0.5'))).toBe('3306|:100');
  });

  it('ends with the first rule that takes everything, of several VirtualServices the older first', () => {
    const first = tcp([{ match: [{ destinationSubnets: ['10.0.0.0/8'] }], route: [to('db', 'v1')] }], {}, 1);
    const second = tcp([{ route: [to('db', 'v2')] }, { route: [to('db', 'v1')] }], { hosts: ['*.local'] }, 2);
    const listener = listenerAt(mesh(second, first), '10.96.0.5');
    expect([chains(listener), leads(listener)]).toEqual([[['10.0.0.0/8', '→ 3306|v1:100']], '3306|v2:100']);
  });

  it('closes what leads nowhere, and says so', () => {
    const rules = tcp([{ route: [to('db', 'v9')] }]);
    const plan = mesh(rules);
    expect(leads(listenerAt(plan, '10.96.0.5'))).toBe('');
    expect(plan.remarks(rules)).toEqual([
      'invalid: spec.tcp[0].route[0].destination: no DestinationRule gives db.default.svc.cluster.local a subset v9; this share of connections is closed',
    ]);
    const half = mesh(tcp([{ route: [to('db', 'v1', 1), to('db', 'v9', 1)] }]));
    expect(leads(listenerAt(half, '10.96.0.5'))).toBe('3306|v1:1 3306|v9:1');
    expect(half.sidecar().clusters.map(({ name }) => name)).toContain('outbound|3306|v9|db.default.svc.cluster.local');
  });
});

describe('VirtualService tls (001-41)', () => {
  const tls = (rules: readonly object[]) => virtualService('secure', { hosts: ['secure', '*.example'], tls: rules });

  it('VirtualService tls.match.sniHosts tell connections apart; other names find no way', () => {
    const rules = [
      { match: [{ sniHosts: ['a.example', '*.b.example'] }], route: [to('secure')] },
      { match: [{ sniHosts: ['c.example', 'a.example'] }], route: [to('db', 'v1')] },
    ];
    const listener = listenerAt(mesh(tls(rules)), '10.96.0.6');
    expect(chains(listener)).toEqual([
      ['a.example', '*.b.example', '→ 443|:100'],
      ['c.example', '→ 3306|v1:100'],
    ]);
    expect(leads(listener)).toBe('');
  });

  it('VirtualService tls.match.destinationSubnets narrow names, and * takes any', () => {
    const rules = [
      { match: [{ sniHosts: ['a.example'], destinationSubnets: ['10.96.0.0/16'] }], route: [to('secure')] },
      { match: [{ sniHosts: ['*'] }], route: [to('db', 'v2')] },
    ];
    const listener = listenerAt(mesh(tls(rules)), '10.96.0.6');
    expect([chains(listener), leads(listener)]).toEqual([[['a.example', '10.96.0.0/16', '→ 443|:100']], '3306|v2:100']);
  });

  it('is for ports that declare TLS only, which no TCP rule is', () => {
    const both = virtualService('both', {
      hosts: ['secure', 'db'],
      tls: [{ match: [{ sniHosts: ['a'] }], route: [to('db', 'v1')] }],
      tcp: [{ route: [to('db', 'v2')] }],
    });
    const plan = mesh(both);
    expect(chains(listenerAt(plan, '10.96.0.6'))).toEqual([['a', '→ 3306|v1:100']]);
    expect(leads(listenerAt(plan, '10.96.0.5'))).toBe('3306|v2:100');
  });

  it('leaves a port alone that no rule is for', () => {
    expect(listenerAt(mesh(), '10.96.0.6')).toMatchObject({ destinations: [{ weight: 100 }] });
    expect(mesh().routes('secure')).toEqual([]);
  });
});

describe('a port without declared protocol', () => {
  it('has bytes go on, and HTTP to the routes of the service, named as Istio names them', () => {
    const rules = virtualService('open', {
      hosts: ['open'],
      http: [{ directResponse: { status: 418 } }],
      tcp: [{ route: [to('db', 'v1')] }],
    });
    const listener = listenerAt(mesh(rules), '10.96.0.7');
    expect(leads(listener)).toBe('3306|v1:100');
    expect(listener?.detected).toMatchObject({
      port: 8080,
      routeName: 'open.default.svc.cluster.local:8080',
      virtualHosts: [{ name: 'open.default.svc.cluster.local:8080', routes: [{ action: { status: 418 } }] }],
    });
  });

  it('opens no HTTP port, and is found on one that another service opens', () => {
    expect(mesh().sidecar().httpPorts).toEqual([]);
    const other = service('other', [{ name: 'http', port: 8080 }], { spec: { clusterIP: '10.96.0.8' } });
    const [port] = mesh(other).sidecar().httpPorts;
    expect(port?.virtualHosts.map(({ name }) => name).sort()).toEqual([
      'open.default.svc.cluster.local:8080',
      'other.default.svc.cluster.local:8080',
    ]);
  });
});
