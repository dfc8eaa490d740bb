import type { PatchPlan } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../envoy/testing/json-of.ts';
import { apply, namesIn, patch, printed } from './testing/printed.ts';

const MANAGER = 'envoy.filters.network.http_connection_manager';
const ROUTER = 'envoy.filters.http.router';
const TLS_INSPECTOR = 'envoy.filters.listener.tls_inspector';
const HTTP_INSPECTOR = 'envoy.filters.listener.http_inspector';
const lua = (name: string) => ({
  name,
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
    default_source_code: { inline_string: '--' },
  },
});
const limit = {
  name: 'limit',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit',
    stat_prefix: 'l',
    max_connections: 5,
  },
};
const inspector = {
  name: HTTP_INSPECTOR,
  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector' },
};

function http(
  operation: PatchPlan['operation'],
  value: object | undefined,
  subFilter?: string,
  more: Partial<PatchPlan> = {},
) {
  const filter = { name: MANAGER, ...(subFilter === undefined ? {} : { subFilter: { name: subFilter } }) };
  const match = { listener: { filterChain: { filter } } };
  return patch('HTTP_FILTER', operation, { match, ...(value === undefined ? {} : { value }), ...more });
}
const before = namesIn(apply(printed.outbound, []).json, 'http_filters');
const httpNames = (...patches: readonly PatchPlan[]) => namesIn(apply(printed.outbound, patches).json, 'http_filters');
const last = before.length - 1;

describe('EnvoyFilter configPatches.applyTo HTTP_FILTER', () => {
  it('starts from filters of which the router is the last', () => {
    expect(before[last]).toBe(ROUTER);
    expect(before.length).toBeGreaterThan(1);
  });

  it('EnvoyFilter configPatches.patch.operation INSERT_BEFORE puts a filter before the one that is named', () => {
    expect(httpNames(http('INSERT_BEFORE', lua('l'), ROUTER))).toEqual(before.toSpliced(last, 0, 'l'));
    expect(httpNames(http('INSERT_BEFORE', lua('l')))).toEqual(['l', ...before]);
    expect(apply(printed.outbound, [http('INSERT_BEFORE', lua('l'), 'nobody')]).isSame).toBe(true);
    expect(httpNames(http('INSERT_BEFORE', lua('l'), 'nobody'))).toEqual(before);
  });

  it('EnvoyFilter configPatches.patch.operation INSERT_AFTER puts a filter after the one that is named', () => {
    expect(httpNames(http('INSERT_AFTER', lua('l'), String(before[0])))).toEqual(before.toSpliced(1, 0, 'l'));
    expect(httpNames(http('INSERT_AFTER', lua('l')))).toEqual([...before, 'l']);
  });

  it('EnvoyFilter configPatches.patch.operation INSERT_FIRST puts a filter before all', () => {
    expect(httpNames(http('INSERT_FIRST', lua('l')))).toEqual(['l', ...before]);
  });

  it('EnvoyFilter configPatches.patch.operation ADD puts a filter behind all', () => {
    expect(httpNames(http('ADD', lua('l')))).toEqual([...before, 'l']);
  });

  it('EnvoyFilter configPatches.patch.operation REPLACE puts a filter in the place of another', () => {
    expect(httpNames(http('REPLACE', lua('l'), String(before[0])))).toEqual(['l', ...before.slice(1)]);
    expect(httpNames(http('REPLACE', lua('l')))).toEqual(before);
  });

  it('EnvoyFilter configPatches.patch.operation REMOVE takes away all of that name, and none when none is named', () => {
    expect(
      httpNames(http('INSERT_FIRST', lua('l')), http('INSERT_FIRST', lua('l')), http('REMOVE', undefined, 'l')),
    ).toEqual(before);
    expect(httpNames(http('REMOVE', undefined))).toEqual(before);
  });

  it('EnvoyFilter configPatches.patch.operation MERGE merges the configuration of the filter', () => {
    const value = {
      name: ROUTER,
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
        suppress_envoy_headers: true,
      },
    };
    const { json } = apply(printed.outbound, [http('MERGE', value, ROUTER)]);
    expect(valuesOf(json, 'suppress_envoy_headers')).toEqual([true]);
    expect(namesIn(json, 'http_filters')).toEqual(before);
  });

  it('says when what is merged is of another type, or has its configuration elsewhere', () => {
    expect(apply(printed.outbound, [http('MERGE', lua(ROUTER), ROUTER)]).problems).toEqual([
      'the configuration of envoy.filters.http.router is of another type',
    ]);
    const fault = 'envoy.filters.http.fault';
    expect(apply(printed.outbound, [http('MERGE', lua(fault), fault)]).problems).toEqual([
      'envoy.filters.http.fault has its configuration elsewhere and cannot be merged with',
    ]);
  });

  it('knows the names that filters had before', () => {
    expect(httpNames(http('INSERT_BEFORE', lua('l'), 'envoy.router'))).toEqual(before.toSpliced(last, 0, 'l'));
  });

  it.each([
    ['AUTHN', [], 0],
    ['AUTHZ', [], 0],
    ['STATS', [], last],
  ] as const)(
    'EnvoyFilter configPatches.patch.filterClass %s says where an added filter goes',
    (filterClass, _, at) => {
      expect(httpNames(http('ADD', lua('l'), undefined, { filterClass }))).toEqual(before.toSpliced(at, 0, 'l'));
    },
  );

  it('EnvoyFilter configPatches.patch.filterClass orders added filters among each other', () => {
    const authentication = http('INSERT_FIRST', lua('envoy.filters.http.jwt_authn'));
    const authorisation = http('ADD', lua('envoy.filters.http.rbac'), undefined, { filterClass: 'AUTHZ' });
    const added = http('ADD', lua('l'), undefined, { filterClass: 'AUTHN' });
    const [first, second, third] = httpNames(authentication, authorisation, added);
    expect([first, second, third]).toEqual(['envoy.filters.http.jwt_authn', 'l', 'envoy.filters.http.rbac']);
  });
});

describe('EnvoyFilter configPatches.applyTo NETWORK_FILTER', () => {
  const network = (operation: PatchPlan['operation'], value: object | undefined, name?: string) => {
    const match = name === undefined ? {} : { listener: { filterChain: { filter: { name } } } };
    return patch('NETWORK_FILTER', operation, { match, ...(value === undefined ? {} : { value }) });
  };
  const names = (...patches: readonly PatchPlan[]) => namesIn(apply(printed.outbound, patches).json, 'filters');

  it.each([
    ['INSERT_BEFORE', limit, MANAGER, ['limit', MANAGER]],
    ['INSERT_AFTER', limit, MANAGER, [MANAGER, 'limit']],
    ['INSERT_FIRST', limit, undefined, ['limit', MANAGER]],
    ['ADD', limit, undefined, [MANAGER, 'limit']],
    ['REPLACE', limit, MANAGER, ['limit']],
    ['REMOVE', undefined, MANAGER, []],
    ['INSERT_BEFORE', limit, 'envoy.filters.network.mongo_proxy', [MANAGER]],
  ] as const)('EnvoyFilter configPatches.applyTo NETWORK_FILTER operation %s', (operation, value, name, expected) => {
    expect(names(network(operation, value, name))).toEqual(expected);
  });

  it('EnvoyFilter configPatches.applyTo NETWORK_FILTER operation MERGE merges into the HTTP connection manager', () => {
    const type =
      'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
    const value = { typed_config: { '@type': type, xff_num_trusted_hops: 5, server_name: 's' } };
    const { json } = apply(printed.outbound, [network('MERGE', value, MANAGER)]);
    expect([valuesOf(json, 'xff_num_trusted_hops'), valuesOf(json, 'server_name')]).toEqual([[5], ['s']]);
    expect(namesIn(json, 'http_filters')).toEqual(before);
  });
});

describe('EnvoyFilter configPatches.applyTo LISTENER_FILTER', () => {
  const of = (operation: PatchPlan['operation'], value: object | undefined, listenerFilter?: string) =>
    patch('LISTENER_FILTER', operation, {
      match: listenerFilter === undefined ? {} : { listener: { listenerFilter } },
      ...(value === undefined ? {} : { value }),
    });
  it.each([
    ['ADD', inspector, undefined, [TLS_INSPECTOR, HTTP_INSPECTOR]],
    ['INSERT_FIRST', inspector, undefined, [HTTP_INSPECTOR, TLS_INSPECTOR]],
    ['INSERT_BEFORE', inspector, TLS_INSPECTOR, [HTTP_INSPECTOR, TLS_INSPECTOR]],
    ['INSERT_AFTER', inspector, TLS_INSPECTOR, [TLS_INSPECTOR, HTTP_INSPECTOR]],
    ['REPLACE', inspector, TLS_INSPECTOR, [HTTP_INSPECTOR]],
    ['REMOVE', undefined, TLS_INSPECTOR, []],
  ] as const)('EnvoyFilter configPatches.applyTo LISTENER_FILTER operation %s', (operation, value, name, expected) => {
    expect(namesIn(apply(printed.inbound, [of(operation, value, name)]).json, 'listener_filters')).toEqual(expected);
  });

  it('EnvoyFilter configPatches.applyTo LISTENER_FILTER operation MERGE merges the configuration of the one that is named', () => {
    const type = 'type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector';
    const value = { typed_config: { '@type': type, enable_ja3_fingerprinting: true } };
    const { json } = apply(printed.inbound, [of('MERGE', value, TLS_INSPECTOR)]);
    expect(valuesOf(json, 'enable_ja3_fingerprinting')).toEqual([true]);
  });
});
