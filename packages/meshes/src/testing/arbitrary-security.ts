import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { age, authorizationPolicy, requestAuthentication } from './resources.ts';

/** The same few names as elsewhere, so that policies meet workloads, gateways and each other. */
const id = fc
  .tuple(fc.constantFrom('default', 'shop', 'istio-system'), fc.constantFrom('a', 'b', 'c'))
  .map(([namespace, name]) => `${namespace}/${name}`);

const GATEWAY_API = 'gateway.networking.k8s.io';
const attachment = fc.constantFrom<object>(
  {},
  { selector: { matchLabels: { app: 'a' } } },
  { selector: { matchLabels: { app: 'b', version: 'v1' } } },
  { selector: { matchLabels: { istio: 'ingressgateway' } } },
  { targetRefs: [{ group: GATEWAY_API, kind: 'Gateway', name: 'a' }] },
  { targetRef: { group: GATEWAY_API, kind: 'GatewayClass', name: 'meshwise' } },
  { targetRefs: [{ group: '', kind: 'Service', name: 'a' }] },
);

const rule = fc.constantFrom<object>(
  {},
  { from: [{ source: { principals: ['cluster.local/ns/default/sa/x'] } }] },
  { from: [{ source: { notNamespaces: ['shop'], ipBlocks: ['10.0.0.0/8'] } }] },
  { from: [{ source: { serviceAccounts: ['x'] } }], to: [{ operation: { methods: ['GET'], paths: ['/a/{*}'] } }] },
  { to: [{ operation: { ports: ['8080'], notPaths: ['/a*'] } }] },
  { when: [{ key: 'request.auth.claims[group]', values: ['a'] }] },
  { to: [{ operation: { ports: ['http'] } }] },
);
const action = fc.constantFrom<object>(
  {},
  { action: 'DENY' },
  { action: 'AUDIT' },
  { action: 'CUSTOM', provider: { name: 'authz' } },
  { action: 'CUSTOM', provider: { name: 'other' } },
  { action: 'CUSTOM', provider: { name: 'nobody' } },
);

const anyAuthorizationPolicy = fc
  .tuple(id, attachment, action, fc.array(rule, { maxLength: 2 }), fc.boolean(), fc.nat(3))
  .map(([name, where, what, rules, isDryRun, seconds]) =>
    authorizationPolicy(
      name,
      { ...where, ...what, rules },
      { ...age(seconds), ...(isDryRun ? { annotations: { 'istio.io/dry-run': 'true' } } : {}) },
    ),
  );

const keys = fc.constantFrom<object>({ jwks: '{"keys":[{"kty":"RSA"}]}' }, { jwksUri: 'https://a.example/keys' }, {});
const tokenRule = fc
  .tuple(fc.constantFrom('https://a.example', 'somebody'), keys, fc.constantFrom<object>({}, { fromParams: ['token'] }))
  .map(([issuer, source, location]) => ({ issuer, ...source, ...location }));

const anyRequestAuthentication = fc
  .tuple(id, attachment, fc.array(tokenRule, { maxLength: 2 }))
  .map(([name, where, jwtRules]) => requestAuthentication(name, { ...where, jwtRules }));

/** Who may call whom, and with which tokens. */
export const anySecurity: fc.Arbitrary<Resource> = fc.oneof(anyAuthorizationPolicy, anyRequestAuthentication);
