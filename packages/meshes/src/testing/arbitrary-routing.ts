import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { age, virtualService } from './resources.ts';

/** The same few names as elsewhere, so that random resources meet. */
const namespace = fc.constantFrom('default', 'shop', 'istio-system');
const name = fc.constantFrom('a', 'b', 'c');
const version = fc.constantFrom('v1', 'v2');
const portNumber = fc.constantFrom(80, 90);
const host = fc.constantFrom(
  ...['a', 'b', 'c', 'a.default.svc.cluster.local', 'b.shop.svc.cluster.local'],
  ...['shop.example', '*.local', '*.shop.svc.cluster.local', '*'],
);
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const to = fc
  .record({ host, subset: some(version), port: some(portNumber.map((number) => ({ number }))) })
  .map((written) => JSON.parse(JSON.stringify(written)) as object);
const headers = fc.constantFrom(
  undefined,
  { request: { set: { host: 'x' } } },
  { response: { add: { 'x-a': '%PROTOCOL%' }, remove: ['x-b'] } },
);
const destination = fc.record({ destination: to, weight: fc.nat(3), headers });
const byteDestination = fc.record({ destination: to, weight: fc.nat(3) });

/** Conditions on who asks, common to all layers. */
const client = fc.oneof(
  portNumber.map((port) => ({ port })),
  namespace.map((sourceNamespace) => ({ sourceNamespace })),
  version.map((wanted) => ({ sourceLabels: { version: wanted } })),
  fc.constantFrom('mesh', 'default/a', 'b').map((gateway) => ({ gateways: [gateway] })),
  fc.constant({}),
);
const httpMatch = fc.oneof(
  client,
  fc.constantFrom('/', '/x', '/x/y').map((prefix) => ({ uri: { prefix } })),
  fc.constantFrom('/x', '/x/y').map((exact) => ({ uri: { exact } })),
  fc.constant({ withoutHeaders: { 'x-a': { exact: '1' } } }),
);

const httpRule = fc.oneof(
  fc
    .record({
      match: fc.array(httpMatch, { maxLength: 2 }),
      route: fc.array(destination, { minLength: 1, maxLength: 3 }),
      mirrors: some(
        fc.array(
          to.map((copy) => ({ destination: copy })),
          { maxLength: 2 },
        ),
      ),
      timeout: fc.constantFrom(undefined, '1s'),
      corsPolicy: fc.constantFrom(undefined, { allowOrigins: [{ exact: 'http://a' }] }),
    })
    .map((rule) => rule as object),
  fc.record({
    match: fc.array(httpMatch, { maxLength: 2 }),
    redirect: fc.constantFrom({ uri: '/elsewhere' }, { derivePort: 'FROM_REQUEST_PORT' }),
  }),
  fc.record({
    match: fc.array(httpMatch, { maxLength: 2 }),
    delegate: fc.record({ name, namespace: some(namespace) }),
    mirror: some(to),
  }),
);

const byteMatch = (names: object) =>
  fc
    .tuple(
      client,
      fc.constantFrom({}, { destinationSubnets: ['10.96.0.0/30'] }, { destinationSubnets: ['10.96.0.1/30'] }),
    )
    .map(([who, where]) => ({ ...names, ...who, ...where }));
const tlsRule = fc.record({
  match: fc.array(
    fc.constantFrom(['a.example'], ['a.example', '*.b.example'], ['*']).chain((sniHosts) => byteMatch({ sniHosts })),
    { minLength: 1, maxLength: 2 },
  ),
  route: fc.array(byteDestination, { minLength: 1, maxLength: 2 }),
});
const tcpRule = fc.record({
  match: some(fc.array(byteMatch({}), { maxLength: 2 })),
  route: fc.array(byteDestination, { minLength: 1, maxLength: 2 }),
});

/** VirtualServices of all layers, some of them without hosts for others to delegate to. */
export const anyVirtualService: fc.Arbitrary<Resource> = fc
  .record({
    id: fc.tuple(namespace, name).map(([ns, own]) => `${ns}/${own}`),
    spec: fc.record({
      hosts: fc.oneof({ weight: 4, arbitrary: fc.array(host, { minLength: 1, maxLength: 2 }) }, fc.constant(undefined)),
      gateways: some(fc.subarray(['mesh', 'a', 'default/b'], { minLength: 1 })),
      exportTo: fc.constantFrom(undefined, ['*'], ['.'], ['shop']),
      http: fc.array(httpRule, { maxLength: 3 }),
      tls: some(fc.array(tlsRule, { maxLength: 2 })),
      tcp: some(fc.array(tcpRule, { maxLength: 2 })),
    }),
    seconds: fc.nat(3),
  })
  .map(({ id, spec, seconds }) => virtualService(id, JSON.parse(JSON.stringify(spec)) as object, age(seconds)));
