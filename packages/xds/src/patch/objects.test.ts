import type { PatchPlan } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../envoy/testing/json-of.ts';
import { addedVirtualHosts, additions } from './apply-patches.ts';
import { parsedValue } from './parse-patch.ts';
import { apply, namesIn, patch, printed } from './testing/printed.ts';

describe('EnvoyFilter configPatches.applyTo LISTENER', () => {
  it('EnvoyFilter configPatches.applyTo LISTENER operation MERGE, REMOVE', () => {
    const merge = patch('LISTENER', 'MERGE', { value: { per_connection_buffer_limit_bytes: 1000 } });
    expect(apply(printed.outbound, [merge]).json).toMatchObject({ per_connection_buffer_limit_bytes: 1000 });
    expect(apply(printed.outbound, [patch('LISTENER', 'REMOVE')]).result).toBeUndefined();
  });

  it('EnvoyFilter configPatches.applyTo LISTENER operation ADD brings a listener', () => {
    const add = patch('LISTENER', 'ADD', { value: { name: 'l' } });
    expect(additions([add], ['ANY'], ['LISTENER'])).toMatchObject([{ resource: { type: 'LDS', name: 'l' } }]);
    expect(additions([add], ['SIDECAR_INBOUND'], ['LISTENER'])).toEqual([]);
    expect(additions([add], ['ANY'], ['CLUSTER'])).toEqual([]);
  });

  it('leaves the platform’s own listeners alone', () => {
    expect(apply(printed.tunnel, [patch('LISTENER', 'REMOVE')]).isSame).toBe(true);
  });
});

describe('EnvoyFilter configPatches.applyTo FILTER_CHAIN', () => {
  /** The last one takes what no other takes. */
  const names = (...patches: readonly PatchPlan[]) => {
    const { json } = apply(printed.inbound, patches);
    const last = json?.['default_filter_chain'] as { readonly name: string } | undefined;
    return [...namesIn(json, 'filter_chains'), ...(last === undefined ? [] : [last.name])];
  };
  it('EnvoyFilter configPatches.applyTo FILTER_CHAIN operation MERGE', () => {
    const value = { transport_socket_connect_timeout: '3s' };
    const chosen = patch('FILTER_CHAIN', 'MERGE', {
      value,
      match: { listener: { filterChain: { name: '9080-mtls' } } },
    });
    const { json } = apply(printed.inbound, [chosen]);
    expect(valuesOf(json, 'filter_chains')).toMatchObject([[{ transport_socket_connect_timeout: '3s' }]]);
    expect(valuesOf(json, 'transport_socket_connect_timeout')).toHaveLength(1);
  });

  it('EnvoyFilter configPatches.applyTo FILTER_CHAIN operation REMOVE, ADD', () => {
    const match = { listener: { filterChain: { name: '9080-plain' } } };
    expect(names(patch('FILTER_CHAIN', 'REMOVE', { match }))).toEqual(['9080-mtls']);
    expect(names(patch('FILTER_CHAIN', 'ADD', { value: { name: 'c' } }))).toEqual(['9080-mtls', 'c', '9080-plain']);
  });

  it.each([
    [{ transportProtocol: 'tls' }, ['9080-plain']],
    [{ transportProtocol: 'raw_buffer' }, ['9080-mtls']],
    [{ applicationProtocols: 'istio' }, ['9080-plain']],
    [{ applicationProtocols: 'h2,istio' }, ['9080-mtls', '9080-plain']],
    [{ destinationPort: 9080 }, []],
    [{ destinationPort: 9081 }, ['9080-mtls', '9080-plain']],
    [{ sni: 'a' }, ['9080-mtls', '9080-plain']],
    // As Istio names the chains of its one inbound listener.
    [{ name: '0.0.0.0_9080' }, []],
    [{ name: 'virtualInbound' }, []],
  ])('EnvoyFilter configPatches.match.listener.filterChain %j', (filterChain, left) => {
    expect(names(patch('FILTER_CHAIN', 'REMOVE', { match: { listener: { filterChain } } }))).toEqual(left);
  });
});

describe('EnvoyFilter match of listeners', () => {
  const value = { per_connection_buffer_limit_bytes: 1 };
  it.each([
    [{ name: '0.0.0.0_9080' }, ['outbound']],
    [{ name: 'virtualInbound' }, ['inbound', 'otherInbound']],
    [{ portNumber: 9080 }, ['outbound', 'inbound']],
    [{ portNumber: 9090 }, ['otherInbound']],
    [{ portNumber: 15006 }, ['inbound', 'otherInbound']],
    [{ name: 'virtualInbound', portNumber: 9090 }, ['otherInbound']],
    [{ portNumber: 3306 }, ['tcp']],
  ])('EnvoyFilter configPatches.match.listener %j', (listener, expected) => {
    const merge = patch('LISTENER', 'MERGE', { value, match: { listener } });
    const all = ['outbound', 'tcp', 'inbound', 'otherInbound'] as const;
    expect(all.filter((name) => !apply(printed[name], [merge]).isSame)).toEqual(expected);
  });

  it.each([
    ['ANY', ['outbound', 'inbound']],
    ['SIDECAR_INBOUND', ['inbound']],
    ['SIDECAR_OUTBOUND', ['outbound']],
    ['GATEWAY', []],
  ] as const)('EnvoyFilter configPatches.match.context %s', (context, expected) => {
    const merge = patch('LISTENER', 'MERGE', { value, context });
    expect((['outbound', 'inbound'] as const).filter((name) => !apply(printed[name], [merge]).isSame)).toEqual(
      expected,
    );
  });

  it('EnvoyFilter configPatches.match.context GATEWAY holds for gateways', () => {
    const merge = patch('LISTENER', 'MERGE', { value, context: 'GATEWAY' });
    expect(apply(printed.outbound, [merge], 'gateway').isSame).toBe(false);
  });
});

describe('EnvoyFilter configPatches.applyTo ROUTE_CONFIGURATION, VIRTUAL_HOST, HTTP_ROUTE', () => {
  it.each([
    [{ name: '9080' }, true],
    [{ portNumber: 9080 }, true],
    [{ portNumber: 80 }, false],
    [{ name: '80' }, false],
  ])(
    'EnvoyFilter configPatches.applyTo ROUTE_CONFIGURATION operation MERGE, match.routeConfiguration %j',
    (routeConfiguration, holds) => {
      const value = { request_headers_to_remove: ['x'] };
      const { isSame } = apply(printed.routes, [
        patch('ROUTE_CONFIGURATION', 'MERGE', { value, match: { routeConfiguration } }),
      ]);
      expect(isSame).toBe(!holds);
    },
  );

  const routesName = 'http.8080';
  it.each([
    [{ portNumber: 8080 }, true],
    [{ name: routesName, portNumber: 8080 }, true],
    [{ gateway: 'shop/gw' }, false],
    [{ portName: 'https' }, false],
  ])('EnvoyFilter configPatches.match.routeConfiguration %j of a gateway', (routeConfiguration, holds) => {
    const routes = { ...printed.routes, name: routesName, message: { ...printed.routes.message, name: routesName } };
    const value = { request_headers_to_remove: ['x'] };
    const merge = patch('ROUTE_CONFIGURATION', 'MERGE', { value, match: { routeConfiguration } });
    expect(apply(routes, [merge], 'gateway').isSame).toBe(!holds);
  });

  it('EnvoyFilter configPatches.match.routeConfiguration gateway, portName are those of the name of an HTTPS server', () => {
    const name = 'https.443.https.gw.shop';
    const routes = { ...printed.routes, name, message: { ...printed.routes.message, name } };
    const value = { request_headers_to_remove: ['x'] };
    const match = { routeConfiguration: { gateway: 'shop/gw', portName: 'https', portNumber: 443 } };
    expect(apply(routes, [patch('ROUTE_CONFIGURATION', 'MERGE', { value, match })], 'gateway').isSame).toBe(false);
  });

  const host = (match: object) => ({ match: { routeConfiguration: { vhost: match } } });
  it.each([
    [{ name: 'reviews.default.svc.cluster.local:9080' }, true],
    [{ domainName: 'reviews' }, true],
    [{ domainName: 'ratings' }, false],
    [{ name: 'reviews' }, false],
  ])(
    'EnvoyFilter configPatches.applyTo VIRTUAL_HOST operation MERGE, match.routeConfiguration.vhost %j',
    (vhost, holds) => {
      const value = { include_attempt_count_in_response: true };
      const { json, isSame } = apply(printed.host, [patch('VIRTUAL_HOST', 'MERGE', { value, ...host(vhost) })]);
      expect(isSame).toBe(!holds);
      expect(json?.['name']).toBe(printed.host.name);
    },
  );

  it('EnvoyFilter configPatches.applyTo VIRTUAL_HOST operation REMOVE, REPLACE', () => {
    expect(apply(printed.host, [patch('VIRTUAL_HOST', 'REMOVE')]).result).toBeUndefined();
    const value = { name: 'other', domains: ['o'] };
    const { json } = apply(printed.host, [patch('VIRTUAL_HOST', 'REPLACE', { value })]);
    expect(json).toEqual({ name: printed.host.name, domains: ['o'] });
  });

  it('EnvoyFilter configPatches.applyTo VIRTUAL_HOST operation ADD brings a virtual host into each route configuration that matches', () => {
    const value = { name: 'v', domains: ['v.example.com'] };
    const add = patch('VIRTUAL_HOST', 'ADD', { value });
    expect(addedVirtualHosts(printed.routes, [add], 'sidecar')).toMatchObject([
      { resource: { type: 'VHDS', name: '9080/v' } },
    ]);
    const elsewhere = patch('VIRTUAL_HOST', 'ADD', { value, match: { routeConfiguration: { portNumber: 1 } } });
    expect(addedVirtualHosts(printed.routes, [elsewhere], 'sidecar')).toEqual([]);
    expect(apply(printed.routes, [add]).isSame).toBe(true);
  });

  const routeNames = (...patches: readonly PatchPlan[]) => namesIn(apply(printed.host, patches).json, 'routes');
  const value = { name: 'new', match: { prefix: '/' }, direct_response: { status: 200 } };
  it.each([
    ['ADD', undefined, ['away', 'default', 'new']],
    ['INSERT_FIRST', undefined, ['new', 'away', 'default']],
    ['INSERT_FIRST', { name: 'nobody' }, ['away', 'default']],
    ['INSERT_BEFORE', { name: 'default' }, ['away', 'new', 'default']],
    ['INSERT_BEFORE', undefined, ['new', 'away', 'default']],
    ['INSERT_AFTER', { name: 'away' }, ['away', 'new', 'default']],
    ['INSERT_AFTER', undefined, ['away', 'default', 'new']],
    ['REMOVE', { name: 'away' }, ['default']],
    ['REMOVE', { action: 'ROUTE' }, ['away']],
    ['REMOVE', { action: 'REDIRECT' }, ['default']],
    ['REMOVE', { action: 'DIRECT_RESPONSE' }, ['away', 'default']],
  ] as const)(
    'EnvoyFilter configPatches.applyTo HTTP_ROUTE operation %s, match.routeConfiguration.vhost.route %j',
    (operation, route, expected) => {
      const match = route === undefined ? {} : host({ route });
      expect(
        routeNames(patch('HTTP_ROUTE', operation, { ...(operation === 'REMOVE' ? {} : { value }), ...match })),
      ).toEqual(expected);
    },
  );

  it('EnvoyFilter configPatches.applyTo HTTP_ROUTE operation MERGE merges into the routes that match', () => {
    const { json } = apply(printed.host, [
      patch('HTTP_ROUTE', 'MERGE', { value: { route: { timeout: '7s' } }, ...host({ route: { action: 'ROUTE' } }) }),
    ]);
    expect(valuesOf(json, 'timeout')).toEqual(['7s']);
    expect(namesIn(json, 'routes')).toEqual(['away', 'default']);
  });

  it('EnvoyFilter configPatches.patch.operation MERGE_AND_REPLACE_LIST replaces lists', () => {
    const { json } = apply(printed.host, [
      patch('VIRTUAL_HOST', 'MERGE_AND_REPLACE_LIST', { value: { domains: ['d'] } }),
    ]);
    expect(json?.['domains']).toEqual(['d']);
  });
});

describe('EnvoyFilter configPatches.applyTo CLUSTER', () => {
  const value = { alt_stat_name: 'patched' };
  it.each([
    [{ name: 'outbound|9080|v1|reviews.default.svc.cluster.local' }, ['subset']],
    [{ service: 'reviews.default.svc.cluster.local' }, ['cluster', 'subset']],
    [{ subset: 'v1' }, ['subset']],
    [{ portNumber: 9080 }, ['cluster', 'subset', 'inboundCluster']],
    [{ portNumber: 80 }, []],
  ])('EnvoyFilter configPatches.applyTo CLUSTER operation MERGE, match.cluster %j', (cluster, expected) => {
    const merge = patch('CLUSTER', 'MERGE', { value, match: { cluster } });
    const all = ['cluster', 'subset', 'inboundCluster'] as const;
    expect(all.filter((name) => apply(printed[name], [merge]).json?.['alt_stat_name'] === 'patched')).toEqual(expected);
  });

  it('EnvoyFilter configPatches.applyTo CLUSTER operation REMOVE, ADD', () => {
    expect(apply(printed.cluster, [patch('CLUSTER', 'REMOVE')]).result).toBeUndefined();
    const add = patch('CLUSTER', 'ADD', { value: { name: 'c' } });
    expect(additions([add], ['ANY'], ['CLUSTER'])).toMatchObject([{ resource: { type: 'CDS', name: 'c' } }]);
  });

  it('EnvoyFilter configPatches.applyTo CLUSTER merges a transport socket into the one of mutual TLS, as Istio does', () => {
    const type = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';
    const socket = { name: 'envoy.transport_sockets.tls', typed_config: { '@type': type, max_session_keys: 9 } };
    const { json } = apply(printed.cluster, [
      patch('CLUSTER', 'MERGE', { value: { transport_socket: socket, ...value } }),
    ]);
    expect(valuesOf(json, 'max_session_keys')).toEqual([9]);
    expect(json).not.toHaveProperty('transport_socket');
    expect(json?.['alt_stat_name']).toBe('patched');
    expect(valuesOf(json, 'sni')).toHaveLength(1);
  });
});

describe('EnvoyFilter configPatches.applyTo EXTENSION_CONFIG', () => {
  it('EnvoyFilter configPatches.applyTo EXTENSION_CONFIG operation ADD brings a configuration', () => {
    const type = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer';
    const value = { name: 'b', typed_config: { '@type': type, max_request_bytes: 10 } };
    const add = patch('EXTENSION_CONFIG', 'ADD', { value });
    expect(additions([add], ['ANY'], ['EXTENSION_CONFIG'])).toMatchObject([{ resource: { type: 'ECDS', name: 'b' } }]);
  });
});

describe('EnvoyFilter configPatches.patch.value', () => {
  it('names the types that nobody knows', () => {
    const value = {
      name: 'x',
      typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.golang.v3alpha.Config' },
    };
    expect(parsedValue(patch('HTTP_FILTER', 'ADD', { value })).problem).toContain('golang.v3alpha.Config');
  });

  it('says which field a message does not have, and is applied without it', () => {
    const parsed = parsedValue(patch('CLUSTER', 'MERGE', { value: { alt_stat_name: 'a', no_such_field: 1 } }));
    expect(parsed.remark).toContain('no_such_field');
    expect(parsed.message).toMatchObject({ altStatName: 'a' });
  });

  it.each([{ connect_timeout: 'soon' }, { name: 5 }, 'text', { type: 'NO_SUCH_TYPE_' }, []])(
    'says why %j is no cluster',
    (value) => {
      const { problem, remark } = parsedValue(patch('CLUSTER', 'MERGE', { value }));
      expect(problem ?? remark).toBeTypeOf('string');
    },
  );
});
