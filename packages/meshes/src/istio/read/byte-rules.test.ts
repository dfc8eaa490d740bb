import { describe, expect, it } from 'vitest';
import { readRouting } from '../../testing/read-rule.ts';

const route = [{ destination: { host: 'db', port: { number: 3306 } }, weight: 1 }];
const hosts = ['db'];

describe('VirtualService tls and tcp', () => {
  it('VirtualService tls.match.sniHosts and tls.route are read', () => {
    const { routing, fields } = readRouting({
      hosts,
      tls: [{ match: [{ sniHosts: ['A.example'], port: 443 }], route }],
    });
    expect(routing.byteRules).toEqual([
      {
        layer: 'tls',
        matches: [{ serverNames: ['a.example'], port: 443 }],
        destinations: [{ host: 'db', port: 3306, weight: 1, origin: expect.anything() }],
        origin: expect.objectContaining({ field: 'spec.tls[0]' }),
      },
    ]);
    expect(fields).toEqual([]);
  });

  it.each([
    [
      'destinationSubnets',
      { destinationSubnets: ['10.1.2.3/8', '::1'] },
      { destinationCidrs: ['10.0.0.0/8', '::1/128'] },
    ],
    ['sourceSubnet', { sourceSubnet: '10.244.0.0/16' }, { sourceCidr: '10.244.0.0/16' }],
    ['port', { port: 3306 }, { port: 3306 }],
    ['sourceLabels', { sourceLabels: { app: 'a' } }, { sourceLabels: { app: 'a' } }],
    ['sourceNamespace', { sourceNamespace: 'shop' }, { sourceNamespace: 'shop' }],
    ['gateways', { gateways: ['mesh'] }, { gateways: ['mesh'] }],
  ])('VirtualService tcp.match.%s is read', (_, match, expected) => {
    const { routing, fields } = readRouting({ hosts, tcp: [{ match: [match], route }] });
    expect(routing.byteRules?.[0]?.matches).toEqual([expected]);
    expect(fields).toEqual([]);
  });

  it.each([
    ['port', { port: 443 }],
    ['sourceLabels', { sourceLabels: { app: 'a' } }],
    ['sourceNamespace', { sourceNamespace: 'shop' }],
    ['gateways', { gateways: ['mesh'] }],
  ])('VirtualService tls.match.%s is read', (_, match) => {
    const { routing, fields } = readRouting({
      hosts,
      tls: [{ match: [{ sniHosts: ['a.example'], ...match }], route }],
    });
    expect(routing.byteRules?.[0]?.matches).toEqual([{ serverNames: ['a.example'], ...match }]);
    expect(fields).toEqual([]);
  });

  it.each([
    ['tls', [{ sniHosts: ['*'] }]],
    ['tcp', [{}]],
  ])('VirtualService %s.route.destination: host, subset and port.number are read', (layer, match) => {
    const to = [{ destination: { host: 'db', subset: 'v1', port: { number: 3306 } } }];
    const { routing, fields } = readRouting({ hosts, [layer]: [{ match, route: to }] });
    expect(routing.byteRules).toMatchObject([{ layer, destinations: [{ host: 'db', subset: 'v1', port: 3306 }] }]);
    expect(fields).toEqual([]);
  });

  it('VirtualService tcp without match takes every connection', () => {
    expect(readRouting({ hosts, tcp: [{ route }] }).routing.byteRules).toMatchObject([{ layer: 'tcp', matches: [] }]);
  });

  it('keeps TLS rules before TCP rules', () => {
    const spec = { hosts, tcp: [{ route }], tls: [{ match: [{ sniHosts: ['*'] }], route }] };
    expect(readRouting(spec).routing.byteRules?.map(({ layer }) => layer)).toEqual(['tls', 'tcp']);
  });

  it.each([
    [{ tcp: [{}] }, 'invalid spec.tcp[0].route'],
    [{ tls: [{ route }] }, 'invalid spec.tls[0].match'],
    [{ tls: [{ match: [{}], route }] }, 'invalid spec.tls[0].match[0].sniHosts'],
    [{ tls: [{ match: [{ sniHosts: ['a*b'] }], route }] }, 'invalid spec.tls[0].match[0].sniHosts'],
    [
      { tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/33'] }], route }] },
      'invalid spec.tcp[0].match[0].destinationSubnets',
    ],
    [{ tcp: [{ match: [{ sourceSubnet: 'a' }], route }] }, 'invalid spec.tcp[0].match[0].sourceSubnet'],
    [{ tcp: [{ match: [{ weather: 'fine' }], route }] }, 'unsupported spec.tcp[0].match[0].weather'],
    [{ tcp: [{ match: 'all', route }] }, 'invalid spec.tcp[0].match'],
  ])('leaves out the rule of %j, rather than taking connections that belong elsewhere', (spec, field) => {
    const { routing, fields } = readRouting({ hosts, ...spec });
    expect(routing.byteRules).toBeUndefined();
    expect(fields).toEqual([field]);
  });
});
