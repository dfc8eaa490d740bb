import type { PatchPlan } from '@meshwise/model';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './testing/envoy.ts';
import { eventually } from './testing/http.ts';
import { forwardRoute, origin } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1, V2 } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';
import { underTraffic } from './testing/traffic.ts';

const SUBNET = 119;
const MANAGER = 'envoy.filters.network.http_connection_manager';
const ROUTER = 'envoy.filters.http.router';
const TYPES = 'type.googleapis.com/envoy';

let count = 0;
function patch(
  target: PatchPlan['target'],
  operation: PatchPlan['operation'],
  more: Partial<PatchPlan> = {},
): PatchPlan {
  count += 1;
  const from = origin('EnvoyFilter', 'f', `spec.configPatches[${count}]`);
  return { target, context: 'ANY', operation, match: {}, origin: from, ...more };
}

const beforeRouter = {
  match: { listener: { filterChain: { filter: { name: MANAGER, subFilter: { name: ROUTER } } } } },
};
/** Adds a header to answers. */
function lua(name: string, source = `function envoy_on_response(h) h:headers():add("x-${name}", "1") end`): object {
  return {
    name,
    typed_config: {
      '@type': `${TYPES}.extensions.filters.http.lua.v3.Lua`,
      default_source_code: { inline_string: source },
    },
  };
}
const insert = (value: object, more: Partial<PatchPlan> = {}) =>
  patch('HTTP_FILTER', 'INSERT_BEFORE', { value, ...beforeRouter, ...more });

describe.skipIf(ENVOY === undefined)('patches of Envoy configuration on real Envoys (EnvoyFilter)', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let pods: readonly Pod[];

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    mesh = reviews.mesh;
    pods = [reviews.client, reviews.v1, reviews.v2];
  });
  afterEach(() => mesh.setPatches([], pods));
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const said = () =>
    [...mesh.controlPlane.residues().values()].flat().map(({ severity, message }) => `${severity}: ${message}`);

  /** Connections that are open keep the filters they began with until they are drained. */
  const shows = (expected: Readonly<Record<string, string | undefined>>) =>
    eventually(async () => {
      const { status, headers } = await reviews.get();
      expect(status).toBe(200);
      expect(Object.fromEntries(Object.keys(expected).map((name) => [name, headers[name]]))).toEqual(expected);
    });

  test('EnvoyFilter configPatches.applyTo HTTP_FILTER in each context reaches the listeners of that side, and no other', async () => {
    await mesh.setPatches(
      [
        insert(lua('any')),
        insert(lua('in'), { context: 'SIDECAR_INBOUND' }),
        insert(lua('out'), { context: 'SIDECAR_OUTBOUND' }),
        insert(lua('gateway'), { context: 'GATEWAY' }),
      ],
      pods,
    );
    await shows({ 'x-any': '1, 1', 'x-in': '1', 'x-out': '1', 'x-gateway': undefined });
  });

  test('a patch on a port reaches the inbound listener of that port', async () => {
    const on = (portNumber: number) => ({
      context: 'SIDECAR_INBOUND' as const,
      match: { listener: { ...beforeRouter.match.listener, portNumber } },
    });
    await mesh.setPatches(
      [insert(lua('here'), on(PORT)), insert(lua('there'), on(1)), insert(lua('all'), on(15_006))],
      pods,
    );
    await shows({ 'x-here': '1', 'x-there': undefined, 'x-all': '1' });
    expect(said()).toEqual([expect.stringMatching(/^info: .*matches nothing/)]);
  });

  test('EnvoyFilter configPatches.applyTo VIRTUAL_HOST, HTTP_ROUTE, ROUTE_CONFIGURATION, CLUSTER, LISTENER, FILTER_CHAIN, NETWORK_FILTER, LISTENER_FILTER', async () => {
    const answer = {
      match: { path: '/patched' },
      direct_response: { status: 418, body: { inline_string: 'patched' } },
    };
    const manager = { '@type': `${TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager` };
    await mesh.setPatches(
      [
        patch('HTTP_ROUTE', 'INSERT_FIRST', {
          value: answer,
          match: { routeConfiguration: { vhost: { domainName: 'reviews:9080' } } },
        }),
        patch('VIRTUAL_HOST', 'ADD', {
          value: {
            name: 'added',
            domains: ['added.example.com'],
            routes: [{ match: { prefix: '/' }, direct_response: { status: 202 } }],
          },
          match: { routeConfiguration: { name: 'http_proxy' } },
        }),
        patch('VIRTUAL_HOST', 'MERGE', {
          value: { response_headers_to_add: [{ header: { key: 'x-host', value: '1' } }] },
          match: { routeConfiguration: { vhost: { domainName: 'reviews:9080' } } },
        }),
        patch('ROUTE_CONFIGURATION', 'MERGE', {
          value: { response_headers_to_add: [{ header: { key: 'x-routes', value: '1' } }] },
        }),
        patch('CLUSTER', 'MERGE', { value: { connect_timeout: '3s' }, match: { cluster: { subset: 'v1' } } }),
        patch('CLUSTER', 'ADD', {
          value: { name: 'extra', connect_timeout: '1s', load_assignment: { cluster_name: 'extra' } },
        }),
        patch('LISTENER', 'MERGE', { value: { per_connection_buffer_limit_bytes: 65_536 } }),
        patch('FILTER_CHAIN', 'MERGE', { value: { transport_socket_connect_timeout: '9s' } }),
        patch('NETWORK_FILTER', 'MERGE', {
          value: {
            name: MANAGER,
            typed_config: { ...manager, server_name: 'patched', server_header_transformation: 'OVERWRITE' },
          },
          context: 'SIDECAR_OUTBOUND',
          match: { listener: { filterChain: { filter: { name: MANAGER } } } },
        }),
        patch('LISTENER_FILTER', 'INSERT_FIRST', {
          value: {
            name: 'http',
            typed_config: { '@type': `${TYPES}.extensions.filters.listener.http_inspector.v3.HttpInspector` },
          },
          context: 'SIDECAR_INBOUND',
        }),
      ],
      pods,
    );
    expect(said()).toEqual([]);
    expect(await reviews.get('/patched')).toMatchObject({ status: 418, body: 'patched' });
    const { status, headers } = await reviews.get();
    expect([status, headers['server'], headers['x-host']]).toEqual([200, 'patched', '1']);
    const clusters = await reviews.client.envoy.admin('/clusters');
    expect(clusters).toContain('extra::');
    const dump = await reviews.client.envoy.admin('/config_dump');
    for (const text of ['"connect_timeout": "3s"', '"per_connection_buffer_limit_bytes": 65536'])
      expect(dump).toContain(text);
    expect(await reviews.v1.envoy.admin('/config_dump')).toContain('"transport_socket_connect_timeout": "9s"');
  });

  test('Lua computes and changes headers, and reaches nothing of the machine of the proxy', async () => {
    const tries = ['os.execute("true")', 'io.open("/etc/passwd")', 'require("ffi")', 'loadstring("return 1")()'];
    const here = ['os.getenv', 'io', 'package', 'require', 'debug', 'jit', 'load', 'getfenv', 'string.dump', 'print'];
    const caught = tries.map((code) => `tostring(pcall(function() return ${code} end))`).join(' .. "," .. ');
    const left = here.map((name) => `tostring(${name})`).join(' .. "," .. ');
    const source = `function envoy_on_response(h)
      h:headers():replace("x-caught", ${caught})
      h:headers():replace("x-left", ${left})
      h:headers():replace("x-time", type(os.time() + os.clock()) .. string.format("%d", math.max(1, 2)))
    end`;
    await mesh.setPatches([insert(lua('tame', source), { context: 'SIDECAR_OUTBOUND' })], pods);
    await shows({
      'x-caught': tries.map(() => 'false').join(),
      'x-left': here.map(() => 'nil').join(),
      'x-time': 'number2',
    });
    const atLoad = tries.map((code) => insert(lua('load', `${code} function envoy_on_response(h) end`)));
    await mesh.setPatches([...atLoad, insert(lua('works'))], pods);
    await shows({ 'x-works': '1, 1' });
    expect(said()).toEqual(atLoad.map(() => expect.stringMatching(/^invalid: .*is not applied: .*nil value/)));
  });

  test('EnvoyFilter configPatches.applyTo EXTENSION_CONFIG brings what a filter waits for', async () => {
    const { typed_config } = lua('discovered') as { readonly typed_config: object };
    const filter = {
      name: 'discovered',
      config_discovery: {
        config_source: { ads: {}, resource_api_version: 'V3' },
        type_urls: [`${TYPES}.extensions.filters.http.lua.v3.Lua`],
      },
    };
    const outbound = { context: 'SIDECAR_OUTBOUND' as const };
    await mesh.setPatches(
      [
        insert(filter, outbound),
        patch('EXTENSION_CONFIG', 'ADD', { value: { name: 'discovered', typed_config }, ...outbound }),
      ],
      pods,
    );
    expect((await reviews.get()).headers['x-discovered']).toBe('1');
    // Without the configuration the listener would never open; so it stays as it was.
    const lonely = insert({ ...filter, name: 'nobody' }, outbound);
    await mesh.setPatches([lonely], pods);
    expect((await reviews.get()).status).toBe(200);
    expect(said()).toContainEqual(expect.stringMatching(/^invalid: .*refers to nobody, which is not there/));
  });

  test('a filter may ask a cluster that another patch adds', async () => {
    const authz = {
      '@type': `${TYPES}.extensions.filters.http.ext_authz.v3.ExtAuthz`,
      failure_mode_allow: true,
      failure_mode_allow_header_add: true,
      grpc_service: { envoy_grpc: { cluster_name: 'authz' }, timeout: '0.2s' },
    };
    const outbound = { context: 'SIDECAR_OUTBOUND' as const };
    const cluster = { name: 'authz', connect_timeout: '0.1s', load_assignment: { cluster_name: 'authz' } };
    await mesh.setPatches(
      [
        patch('CLUSTER', 'ADD', { value: cluster, ...outbound }),
        insert({ name: 'envoy.filters.http.ext_authz', typed_config: authz }, outbound),
      ],
      pods,
    );
    expect(said()).toEqual([]);
    await eventually(async () => {
      const { body } = await reviews.get();
      expect(body).toContain('x-envoy-auth-failure-mode-allowed');
    });
  });

  test('what Envoy would refuse is left out and said; the patches beside it hold, and no request fails', async () => {
    // Chains that the test before has replaced end their connections once they have drained.
    await eventually(async () => {
      for (const { envoy } of pods) expect(await envoy.stat('listener_manager.total_filter_chains_draining')).toBe(0);
    });
    const traffic = underTraffic(() => reviews.get());
    const bad = [
      insert(lua('bad', 'function envoy_on_response(')),
      patch('CLUSTER', 'MERGE', { value: { outlier_detection: { max_ejection_percent: 500 } } }),
      patch('VIRTUAL_HOST', 'MERGE', { value: { domains: ['reviews:9080'] } }),
      patch('LISTENER', 'MERGE', { value: { listener_filters: [{ name: 'no.such.filter' }] } }),
      insert({ name: 'x', typed_config: { '@type': `${TYPES}.extensions.filters.http.golang.v3alpha.Config` } }),
      patch('CLUSTER', 'ADD', { value: { name: 'extra', type: 'EDS' } }),
    ];
    await mesh.setPatches([insert(lua('first')), ...bad, insert(lua('last'))], pods);
    await shows({ 'x-first': '1, 1', 'x-last': '1, 1', 'x-bad': undefined });
    const fields = bad.map(({ origin: { field } }) => `${field}`);
    for (const field of fields) expect(said()).toContainEqual(expect.stringContaining(`${field}: `));
    const { statuses, failures } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test('a filter that never comes to an end is found in time and reaches no proxy', async () => {
    await mesh.setPatches([insert(lua('endless', 'while true do end')), insert(lua('good'))], pods);
    await shows({ 'x-good': '1, 1', 'x-endless': undefined });
    expect(said()).toEqual([expect.stringMatching(/^invalid: .*is not applied: /)]);
  });

  test('a regular expression that Envoy refuses leaves the routes as they were, and others go on', async () => {
    await reviews.route({ ...forwardRoute([V2, 1]), name: 'good' });
    const regex = { ...forwardRoute([V1, 1]), match: { path: { regex: '(?!x).*' }, headers: [], queryParameters: [] } };
    await reviews.route(regex);
    await mesh.controlPlane.settled();
    await reviews.settled(reviews.client);
    expect((await reviews.get()).body).toContain('reviews-v2');
    expect(said()).toEqual([expect.stringMatching(/^invalid: Envoy refuses this, and what was there before holds/)]);
    await reviews.route({ ...regex, match: { ...regex.match, path: { regex: '/.*' } } });
    await mesh.controlPlane.settled();
    await reviews.settled(reviews.client);
    expect((await reviews.get()).body).toContain('reviews-v1');
    expect(said()).toEqual([]);
  });

  test('a patch that goes takes with it what it did', async () => {
    await mesh.setPatches([insert(lua('gone'))], pods);
    await shows({ 'x-gone': '1, 1' });
    await mesh.setPatches([], pods);
    await shows({ 'x-gone': undefined });
  });
});
