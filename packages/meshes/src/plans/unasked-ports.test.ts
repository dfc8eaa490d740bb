import { expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { authorizationPolicy, gatewayProxy, meshConfig, service, sidecar, workload } from '../testing/resources.ts';

const AUTHZ = service('shop/authz', [
  { name: 'grpc', port: 9000 },
  { name: 'http', port: 8000 },
]);
const HOST = 'authz.shop.svc.cluster.local';
const SETTINGS = meshConfig({
  extensionProviders: [
    { name: 'opa', envoyExtAuthzGrpc: { service: HOST, port: 9000 } },
    { name: 'web', envoyExtAuthzHttp: { service: HOST, port: 8000 } },
  ],
});
const PORTS = [{ name: 'http', port: 80 }, { name: 'mysql', port: 3306 }, { port: 9080 }];

/** What is said of a policy that asks somebody about the workloads of an app. */
function said(app: string, provider: string, ...rules: readonly object[]): readonly string[] {
  const policy = authorizationPolicy('a', {
    action: 'CUSTOM',
    provider: { name: provider },
    selector: { matchLabels: { app } },
    rules,
  });
  const made = new TestMesh(AUTHZ, SETTINGS, policy, ...['reviews', 'ratings', 'edge'].map((of) => service(of, PORTS)));
  made.model.setProxy(sidecar(workload('reviews-1', { app: 'reviews' })));
  made.model.setProxy(gatewayProxy('default', { app: 'edge' }));
  return made.remarks(policy);
}

const BYTES = 'unsupported: spec.provider: web is asked by HTTP, so not about connections at reviews:3306: they pass';
const SNIFFED =
  'info: spec.provider: web is asked by HTTP, so not about connections that are no HTTP at reviews:9080: they pass';
const at = (operation: object) => ({ to: [{ operation }] });

it.each([
  ['everything', 'web', [{}], [BYTES, SNIFFED]],
  ['requests, which bytes count as', 'web', [at({ methods: ['GET'] })], [BYTES, SNIFFED]],
  ['some ports', 'web', [at({ ports: ['80', '3306'] })], [BYTES]],
  ['all but some ports', 'web', [at({ notPorts: ['3306', '9080'] })], []],
  ['everything, by gRPC', 'opa', [{}], []],
])('000-46 a policy that asks about %s says where nobody is asked', (_, provider, rules, expected) => {
  expect(said('reviews', provider, ...rules)).toEqual(expected);
});

it('says nothing of a gateway, which knows by itself what comes to its ports', () => {
  expect(said('edge', 'web', {})).toEqual([]);
});
