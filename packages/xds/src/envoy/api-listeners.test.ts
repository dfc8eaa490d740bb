import type { OutboundPlan, RoutePlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import {
  anyRequest,
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  origin,
  virtualHostPlan,
} from '../control-plane/testing/plans.ts';
import { brokenRules } from '../validate/proto-rules.ts';
import { proxylessResources } from './api-listeners.ts';
import { jsonOf } from './testing/json-of.ts';

const PORT = 9_080;
const NAME = 'reviews.default.svc.cluster.local:9080';
const CLUSTER = clusterName('reviews', PORT);

function plan(routes: readonly RoutePlan[], changes: Partial<OutboundPlan> = {}): OutboundPlan {
  return {
    scope: 'sidecar/default',
    httpPorts: [{ port: PORT, virtualHosts: [virtualHostPlan('reviews', PORT, routes)] }],
    tcpListeners: [],
    clusters: [clusterPlan('reviews', PORT)],
    endpoints: [{ cluster: CLUSTER, endpoints: [endpointPlan('192.0.2.1', PORT)] }],
    dns: [],
    ...changes,
  };
}
const printed = (type: string, name: string, of: OutboundPlan) => {
  const found = proxylessResources(of).find((resource) => resource.type === type && resource.name === name);
  return found === undefined ? undefined : jsonOf(found);
};
const routesOf = (of: OutboundPlan) =>
  (printed('RDS', NAME, of) as { virtual_hosts: { routes: object[] }[] } | undefined)?.virtual_hosts[0]?.routes;

test('a name that programs call is a listener without a socket, with its own routes (gRPC proposal A27)', () => {
  const all = plan([forwardRoute([CLUSTER, 100])]);
  expect(printed('LDS', NAME, all)).toMatchObject({ name: NAME, api_listener: { api_listener: {} } });
  expect(printed('LDS', NAME, all)).not.toHaveProperty('address');
  expect(printed('RDS', NAME, all)).toMatchObject({ virtual_hosts: [{ domains: ['*'] }] });
  for (const { message } of proxylessResources(all)) expect(brokenRules(message)).toEqual([]);
});

test('clusters are plain text and have one of the balancers that gRPC knows', () => {
  const balanced = (loadBalancer: 'least-request' | 'maglev') =>
    printed('CDS', CLUSTER, plan([], { clusters: [clusterPlan('reviews', PORT, { loadBalancer })] }));
  expect(balanced('least-request')).not.toHaveProperty('lb_policy');
  expect(balanced('least-request')).not.toHaveProperty('transport_socket_matches');
  expect(balanced('maglev')).toMatchObject({ lb_policy: 'RING_HASH' });
});

test('what demands certificates, or is found by DNS, is a dead end rather than something to wait for', () => {
  const tls = { mode: 'mutual', subjectAltNames: [], serverName: 'x' } as const;
  for (const changes of [{ tls }, { discovery: 'strict-dns' as const }]) {
    const all = plan([forwardRoute([CLUSTER, 100])], { clusters: [clusterPlan('reviews', PORT, changes)] });
    expect(printed('CDS', CLUSTER, all)).toBeUndefined();
    expect(routesOf(all)).toMatchObject([{ route: { cluster: 'BlackHoleCluster' } }]);
    expect(printed('EDS', 'BlackHoleCluster', all)).toEqual({ cluster_name: 'BlackHoleCluster' });
  }
});

test('endpoints have a locality, if only the empty one, and a cluster without endpoints says so', () => {
  expect(printed('EDS', CLUSTER, plan([]))).toMatchObject({ endpoints: [{ locality: {} }] });
  expect(printed('EDS', CLUSTER, plan([], { endpoints: [] }))).toEqual({ cluster_name: CLUSTER });
});

test('a timeout and retries are said in the words of gRPC', () => {
  const forward = forwardRoute([CLUSTER, 100]).action;
  const route: RoutePlan = {
    match: anyRequest,
    action: {
      ...forward,
      kind: 'forward',
      destinations: [{ cluster: CLUSTER, weight: 1 }],
      timeoutMs: 500,
      retries: { attempts: 0 },
    },
    fault: { abort: { httpStatus: 500, percent: 100 } },
    origin: origin(),
  };
  const [printedRoute] = routesOf(plan([route])) ?? [];
  expect(printedRoute).toMatchObject({ route: { max_stream_duration: { max_stream_duration: '0.500s' } } });
  // Clients refuse a route configuration with a filter they do not know, or with no attempt at all.
  expect(printedRoute).not.toHaveProperty('typed_per_filter_config');
  expect(printedRoute).not.toHaveProperty('route.retry_policy');
});

test.each([
  ['(?i)REVIEWS[.].*', 1],
  ['reviews[.]default[.].*', 1],
  ['ratings.*', 0],
  // RE2 has it, JavaScript has not.
  ['\\Qreviews', 0],
  ['(?P<name', 0],
])('an authority that has to match %s leaves %i route', (regex, count) => {
  const match = { ...anyRequest, authority: { regex } };
  expect(routesOf(plan([{ ...forwardRoute([CLUSTER, 100]), match }])) ?? []).toHaveLength(count);
});

test('one changed route is one changed resource', () => {
  const before = proxylessResources(plan([forwardRoute([CLUSTER, 100])]));
  const other = { ...virtualHostPlan('ratings', PORT, []), name: 'ratings.default.svc.cluster.local:9080' };
  const base = plan([forwardRoute([CLUSTER, 100])]);
  const first = proxylessResources(base);
  const [port] = base.httpPorts;
  const second = proxylessResources({
    ...base,
    httpPorts: [{ port: PORT, virtualHosts: [...(port?.virtualHosts ?? []), other] }],
  });
  expect(before).toHaveLength(first.length);
  expect(second.filter((resource) => !first.includes(resource)).map(({ type, name }) => `${type} ${name}`)).toEqual([
    `LDS ${other.name}`,
    `RDS ${other.name}`,
  ]);
});
