import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { age, gatewayResource, secret } from './resources.ts';

/** Few names, so that gateways, secrets and routings meet. */
const namespace = fc.constantFrom('default', 'shop', 'istio-system');
const name = fc.constantFrom('a', 'b', 'c');
const full = fc.tuple(namespace, name).map(([ns, own]) => `${ns}/${own}`);
const host = fc.constantFrom('*', 'shop/*', '*.local', './a.default.svc.cluster.local', 'a.example.com');

const credential = fc.oneof(
  name.map((credentialName) => ({ credentialName })),
  fc.constant({ serverCertificate: '/c', privateKey: '/k', caCertificates: '/ca' }),
  fc.constant({}),
);
const tls = fc
  .tuple(
    fc.constantFrom('SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL', 'PASSTHROUGH', 'AUTO_PASSTHROUGH', 'ODD'),
    credential,
  )
  .map(([mode, found]) => ({ mode, ...found }));

const server = fc
  .tuple(
    fc.constantFrom(80, 90, 443),
    fc.constantFrom('HTTP', 'HTTPS', 'TLS', 'TCP', 'MONGO', 'UDP'),
    fc.array(host, { minLength: 1, maxLength: 2 }),
    fc.option(tls, { nil: undefined }),
    fc.boolean(),
  )
  .map(([number, protocol, hosts, settings, httpsRedirect]) => ({
    port: { number, name: 'port', protocol },
    hosts,
    ...(protocol === 'HTTP' && httpsRedirect ? { tls: { httpsRedirect } } : {}),
    ...(settings !== undefined && (protocol === 'HTTPS' || protocol === 'TLS') ? { tls: settings } : {}),
  }));

export const anyGateway: fc.Arbitrary<Resource> = fc
  .tuple(
    full,
    fc.option(fc.constant({ istio: 'ingressgateway' }), { nil: undefined }),
    fc.array(server, { maxLength: 3 }),
    fc.nat(3),
  )
  .map(([id, selector, servers, seconds]) => gatewayResource(id, { selector, servers }, age(seconds)));

const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

/** With a certificate, with an authority, with both, and their companions. */
export const anySecret: fc.Arbitrary<Resource> = fc
  .tuple(full, fc.constantFrom('', '-cacert'), fc.subarray(['tls.crt', 'tls.key', 'ca.crt', 'password']))
  .map(([id, suffix, keys]) => secret(`${id}${suffix}`, Object.fromEntries(keys.map((key) => [key, pem]))));
