import type { PatchItem } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { istioMesh } from '../index.ts';

const VALUE = { name: 'x' };

function read(spec: object) {
  const metadata = { name: 'f', namespace: 'shop' };
  const resource = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata, spec };
  const { items = [], residues = [] } = istioMesh.read(resource) ?? {};
  const [item] = items as readonly PatchItem[];
  return { item, said: residues.map(({ severity, message }) => `${severity}: ${message}`) };
}

function readPatch(applyTo: string, operation: string, more: { match?: object; patch?: object } = {}) {
  const patch = { operation, value: VALUE, ...more.patch };
  const { item, said } = read({ configPatches: [{ applyTo, match: more.match, patch }] });
  return { entry: item?.patches[0], plan: item?.patches[0]?.plan, said };
}

describe('EnvoyFilter', () => {
  it('EnvoyFilter workloadSelector.labels selects workloads', () => {
    expect(read({ workloadSelector: { labels: { app: 'a' } } }).item?.selector).toEqual({ app: 'a' });
    expect(read({}).item?.selector).toBeUndefined();
    expect(read({ workloadSelector: { labels: {} } }).item?.selector).toBeUndefined();
  });

  it('EnvoyFilter targetRefs are gateways of the Gateway API; others are reported and are no proxy', () => {
    const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' };
    expect(read({ targetRefs: [gateway] })).toMatchObject({ item: { targets: [gateway] }, said: [] });
    const service = { group: '', kind: 'Service', name: 'a' };
    const { item, said } = read({ targetRefs: [service] });
    expect(item?.targets).toEqual([]);
    expect(said).toEqual(['unsupported: spec.targetRefs[0] Service a has no proxy here that patches could be for']);
  });

  it('EnvoyFilter priority is zero unless it is written', () => {
    expect(read({ priority: -10 }).item?.priority).toBe(-10);
    expect(read({}).item?.priority).toBe(0);
  });

  it.each([
    'LISTENER',
    'FILTER_CHAIN',
    'NETWORK_FILTER',
    'HTTP_FILTER',
    'ROUTE_CONFIGURATION',
    'VIRTUAL_HOST',
    'HTTP_ROUTE',
    'CLUSTER',
    'LISTENER_FILTER',
  ])('EnvoyFilter configPatches.applyTo %s', (applyTo) => {
    expect(readPatch(applyTo, 'MERGE')).toMatchObject({
      plan: { target: applyTo, operation: 'MERGE', context: 'ANY', match: {}, value: VALUE },
      said: [],
    });
  });

  it('EnvoyFilter configPatches.applyTo EXTENSION_CONFIG takes ADD alone', () => {
    expect(readPatch('EXTENSION_CONFIG', 'ADD').plan?.target).toBe('EXTENSION_CONFIG');
    expect(readPatch('EXTENSION_CONFIG', 'MERGE')).toMatchObject({
      plan: undefined,
      said: ['invalid: spec.configPatches[0].patch.operation MERGE does nothing to EXTENSION_CONFIG'],
    });
  });

  it('EnvoyFilter configPatches.applyTo BOOTSTRAP is reported, and nothing is done', () => {
    const { plan, said } = readPatch('BOOTSTRAP', 'MERGE');
    expect(plan).toBeUndefined();
    expect(said).toEqual([
      expect.stringContaining('unsupported: spec.configPatches[0].applyTo BOOTSTRAP is not applied'),
    ]);
  });

  it('EnvoyFilter configPatches.applyTo that is none of the words is invalid', () => {
    expect(readPatch('EVERYTHING', 'MERGE')).toMatchObject({
      plan: undefined,
      said: [expect.stringMatching(/^invalid/)],
    });
  });

  it.each(['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY'])(
    'EnvoyFilter configPatches.match.context %s',
    (context) => {
      expect(readPatch('CLUSTER', 'MERGE', { match: { context } }).plan?.context).toBe(context);
    },
  );

  it('EnvoyFilter configPatches.match.context WAYPOINT is reported', () => {
    expect(readPatch('CLUSTER', 'MERGE', { match: { context: 'WAYPOINT' } })).toMatchObject({
      plan: undefined,
      said: [expect.stringContaining('there are no waypoint proxies')],
    });
  });

  it('EnvoyFilter configPatches.match.proxy.proxyVersion and metadata say which proxies', () => {
    const proxy = { proxyVersion: '^1\\.3.*', metadata: { NAMESPACE: 'shop' } };
    expect(readPatch('CLUSTER', 'MERGE', { match: { proxy } }).entry?.proxy).toEqual({
      version: '^1\\.3.*',
      metadata: { NAMESPACE: 'shop' },
    });
  });

  it.each(['.*'.repeat(300), '((.*)*)*x', '(.?){1000}x'])(
    'EnvoyFilter configPatches.match.proxy.proxyVersion that could take for ever to match: never (%s)',
    (proxyVersion) => {
      const { entry, said } = readPatch('CLUSTER', 'MERGE', { match: { proxy: { proxyVersion } } });
      expect(entry).toBeUndefined();
      expect(said).toEqual([expect.stringMatching(/^unsupported: .*proxyVersion repeats groups/)]);
    },
  );

  it.each(['(', 'x'.repeat(1025)])(
    'EnvoyFilter configPatches.match.proxy.proxyVersion that is no expression: never',
    (proxyVersion) => {
      const { entry, said } = readPatch('CLUSTER', 'MERGE', { match: { proxy: { proxyVersion } } });
      expect(entry).toBeUndefined();
      expect(said).toEqual([expect.stringContaining('proxyVersion is not a regular expression')]);
    },
  );

  it('EnvoyFilter configPatches.match.listener: name, portNumber, filterChain, listenerFilter', () => {
    const listener = {
      name: '0.0.0.0_80',
      portNumber: 80,
      listenerFilter: 'envoy.filters.listener.tls_inspector',
      filterChain: {
        name: 'c',
        sni: 'a.example.com',
        transportProtocol: 'tls',
        applicationProtocols: 'h2,http/1.1',
        destinationPort: 443,
        filter: {
          name: 'envoy.filters.network.http_connection_manager',
          subFilter: { name: 'envoy.filters.http.router' },
        },
      },
    };
    expect(readPatch('HTTP_FILTER', 'MERGE', { match: { listener } })).toMatchObject({
      plan: { match: { listener } },
      said: [],
    });
  });

  it('EnvoyFilter configPatches.match.listener.portName is ignored, as by Istio, and reported', () => {
    const { plan, said } = readPatch('LISTENER', 'MERGE', { match: { listener: { portName: 'http' } } });
    expect(plan?.match).toEqual({ listener: {} });
    expect(said).toEqual([
      expect.stringContaining('unsupported: spec.configPatches[0].match.listener.portName is ignored'),
    ]);
  });

  it('EnvoyFilter configPatches.match.listener.filterChain.filter says nothing of listeners, and is reported', () => {
    const listener = { filterChain: { filter: { name: 'f' } } };
    expect(readPatch('FILTER_CHAIN', 'MERGE', { match: { listener } }).said).toEqual([
      'invalid: spec.configPatches[0].match.listener.filterChain.filter has no effect when used with FILTER_CHAIN',
    ]);
  });

  it('EnvoyFilter configPatches.match.routeConfiguration: name, portNumber, portName, gateway, vhost, route', () => {
    const routeConfiguration = {
      name: '80',
      portNumber: 80,
      portName: 'http',
      gateway: 'shop/gw',
      vhost: { name: 'a:80', domainName: 'a', route: { name: 'r', action: 'REDIRECT' } },
    };
    expect(readPatch('HTTP_ROUTE', 'MERGE', { match: { routeConfiguration } })).toMatchObject({
      plan: { match: { routeConfiguration } },
      said: [],
    });
  });

  it('EnvoyFilter configPatches.match.routeConfiguration.vhost.route.action ANY is no condition', () => {
    const routeConfiguration = { vhost: { route: { action: 'ANY' } } };
    expect(readPatch('HTTP_ROUTE', 'MERGE', { match: { routeConfiguration } }).plan?.match).toEqual({
      routeConfiguration: { vhost: { route: {} } },
    });
  });

  it('EnvoyFilter configPatches.match.cluster: name, portNumber, service, subset', () => {
    const cluster = { name: 'c', portNumber: 80, service: 'a.shop.svc.cluster.local', subset: 'v1' };
    expect(readPatch('CLUSTER', 'MERGE', { match: { cluster } })).toMatchObject({
      plan: { match: { cluster } },
      said: [],
    });
  });

  it('EnvoyFilter configPatches.match of another kind than applyTo matches nothing, and is invalid', () => {
    const { plan, said } = readPatch('CLUSTER', 'MERGE', { match: { listener: { portNumber: 80 } } });
    expect(plan).toBeUndefined();
    expect(said).toEqual(['invalid: spec.configPatches[0].match.listener cannot be matched by applyTo CLUSTER']);
  });

  it.each([
    ['HTTP_FILTER', 'MERGE', 'MERGE'],
    ['HTTP_FILTER', 'ADD', 'ADD'],
    ['HTTP_FILTER', 'REMOVE', 'REMOVE'],
    ['HTTP_FILTER', 'INSERT_BEFORE', 'INSERT_BEFORE'],
    ['HTTP_FILTER', 'INSERT_AFTER', 'INSERT_AFTER'],
    ['HTTP_FILTER', 'INSERT_FIRST', 'INSERT_FIRST'],
    ['HTTP_FILTER', 'REPLACE', 'REPLACE'],
    ['VIRTUAL_HOST', 'REPLACE', 'REPLACE'],
    ['CLUSTER', 'MERGE_AND_REPLACE_LIST', 'MERGE_AND_REPLACE_LIST'],
    // Inserting into what has no order is adding.
    ['CLUSTER', 'INSERT_FIRST', 'ADD'],
    ['FILTER_CHAIN', 'INSERT_BEFORE', 'ADD'],
    ['CLUSTER', 'REPLACE', undefined],
    ['ROUTE_CONFIGURATION', 'ADD', undefined],
    ['ROUTE_CONFIGURATION', 'REMOVE', undefined],
    ['HTTP_FILTER', 'MERGE_AND_REPLACE_LIST', undefined],
    ['CLUSTER', 'EXPLODE', undefined],
  ])('EnvoyFilter configPatches.patch.operation to %s: %s is %s', (applyTo, operation, expected) => {
    const { plan, said } = readPatch(applyTo, operation);
    expect(plan?.operation).toBe(expected);
    expect(said).toHaveLength(expected === undefined ? 1 : 0);
  });

  it('EnvoyFilter configPatches.patch.value is carried on as it is, and must be there unless something is removed', () => {
    const value = { typed_config: { '@type': 'x', n: [1, { a: null }] } };
    expect(readPatch('CLUSTER', 'MERGE', { patch: { value } }).plan?.value).toEqual(value);
    expect(readPatch('CLUSTER', 'REMOVE', { patch: { value: undefined } }).said).toEqual([]);
    expect(readPatch('CLUSTER', 'ADD', { patch: { value: undefined } })).toMatchObject({
      plan: undefined,
      said: ['invalid: spec.configPatches[0].patch.value is missing: ADD needs one'],
    });
  });

  it('EnvoyFilter configPatches.patch.filterClass holds for ADD to HTTP_FILTER', () => {
    expect(readPatch('HTTP_FILTER', 'ADD', { patch: { filterClass: 'AUTHZ' } }).plan?.filterClass).toBe('AUTHZ');
    expect(readPatch('HTTP_FILTER', 'REMOVE', { patch: { filterClass: 'AUTHZ' } })).toMatchObject({
      plan: { operation: 'REMOVE' },
      said: ['invalid: spec.configPatches[0].patch.filterClass has no effect: it is for ADD to HTTP_FILTER'],
    });
  });

  it('says of every patch whose it is', () => {
    const { item } = read({
      configPatches: [1, 2].map(() => ({ applyTo: 'CLUSTER', patch: { operation: 'REMOVE' } })),
    });
    expect(item?.patches.map(({ plan }) => plan.origin.field)).toEqual([
      'spec.configPatches[0]',
      'spec.configPatches[1]',
    ]);
  });

  it('reports fields that nobody knows, wherever they stand', () => {
    const match = { cluster: { nam: 'c' }, other: 1 };
    const { said } = readPatch('CLUSTER', 'MERGE', { match, patch: { extra: 1 } });
    expect(said).toEqual([
      'unsupported: spec.configPatches[0].patch.extra is not enforced',
      'unsupported: spec.configPatches[0].match.other is not enforced',
      'unsupported: spec.configPatches[0].match.cluster.nam is not enforced',
    ]);
  });
});
