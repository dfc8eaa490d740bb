import { describe, expect, it } from 'vitest';
import { tcpRoute, tlsRoute } from '../../testing/class-gateway.ts';
import { readItem } from '../../testing/read-route.ts';

const parent = { group: 'g', kind: 'K', namespace: 'n', name: 'p', sectionName: 's', port: 1 };
const backend = { group: 'a', kind: 'B', namespace: 'c', name: 'd' };
const backendRefs = [
  { ...backend, port: 443, weight: 3 },
  { name: 'e', port: 443 },
];

describe('TLSRoute', () => {
  const read = (spec: object) => readItem('attached-route', tlsRoute('a', spec));

  it('TLSRoute parentRefs: group, kind, namespace, name, sectionName, port', () => {
    expect(read({ parentRefs: [parent] }).item).toMatchObject({ routeKind: 'TLSRoute', parents: [parent] });
  });

  it('TLSRoute hostnames are the server names, and useDefaultGateways is reported', () => {
    const { item, fields } = read({ hostnames: ['A.example'], useDefaultGateways: 'All' });
    expect(item.hostnames).toEqual(['a.example']);
    expect(fields).toEqual(['unsupported useDefaultGateways']);
  });

  it('TLSRoute rules.backendRefs: group, kind, namespace, name, port, weight', () => {
    const { item, fields } = read({ rules: [{ backendRefs }] });
    expect(item.byteRules).toMatchObject([
      {
        layer: 'tls',
        destinations: [
          { backend, port: 443, weight: 3 },
          { backend: { name: 'e' }, weight: 1 },
        ],
      },
    ]);
    expect(fields).toEqual([]);
  });

  it('TLSRoute rules.name makes no difference', () => {
    const named = read({ rules: [{ name: 'x', backendRefs }] });
    expect(named).toEqual(read({ rules: [{ backendRefs }] }));
  });

  it.each([
    [{ rules: [{}] }, 'invalid rules[0].backendRefs'],
    [{ hostnames: ['a b'], rules: [{ backendRefs }] }, 'invalid hostnames'],
  ])('leads nowhere by %j', (spec, field) => {
    const { item, fields } = read(spec);
    expect(item.byteRules).toEqual([]);
    expect(fields).toEqual([field]);
  });
});

describe('TCPRoute', () => {
  const read = (spec: object) => readItem('attached-route', tcpRoute('a', spec));

  it('TCPRoute parentRefs: group, kind, namespace, name, sectionName, port', () => {
    const { item, fields } = read({ parentRefs: [parent], useDefaultGateways: 'None' });
    expect(item).toMatchObject({ routeKind: 'TCPRoute', parents: [parent], hostnames: [] });
    expect(fields).toEqual([]);
  });

  it('TCPRoute rules.backendRefs: group, kind, namespace, name, port, weight', () => {
    expect(read({ rules: [{ name: 'x', backendRefs }] }).item.byteRules).toMatchObject([
      { layer: 'tcp', matches: [], destinations: [{ backend, port: 443, weight: 3 }, { weight: 1 }] },
    ]);
  });

  it('TCPRoute rules.name makes no difference', () => {
    expect(read({ rules: [{ name: 'x', backendRefs }] })).toEqual(read({ rules: [{ backendRefs }] }));
  });

  it('TCPRoute useDefaultGateways is reported', () => {
    expect(read({ useDefaultGateways: 'All' }).fields).toEqual(['unsupported useDefaultGateways']);
  });

  it('a backend that makes no sense takes its share with it', () => {
    const { item, fields } = read({ rules: [{ backendRefs: [{ name: 'x', weight: 9 }, ...backendRefs] }] });
    expect(item.byteRules[0]?.destinations[0]).toMatchObject({ weight: 9, refusesWith: 500 });
    expect(fields).toEqual(['invalid rules[0].backendRefs[0].port']);
  });
});
