import type { InboundPortPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { inboundListener } from './inbound-listeners.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';

const placement = {
  capture: 'netns',
  podIp: '10.244.0.7',
  programIp: '127.0.0.1',
  tunnelSocketPath: '/run/tunnel.sock',
} as const;
const port: InboundPortPlan = {
  port: 9080,
  protocol: 'http',
  mutualTls: 'strict',
  cluster: 'inbound|9080||',
  origin: { resource: { group: '', kind: 'Service', namespace: 'default', name: 'reviews' } },
};
const listener = (changes: Partial<InboundPortPlan> = {}, trustDomain: string | undefined = 'cluster.local') =>
  jsonOf(
    inboundListener(placement, { port: { ...port, ...changes }, cluster: port.cluster, trustDomain, opaque: false }),
  );

test('a strict port has one way in: mutual TLS with an identity of the trust domain', () => {
  const json = listener();
  expect(json).toMatchObject({ name: '10.244.0.7_9080', traffic_direction: 'INBOUND' });
  expect(json['filter_chains']).toMatchObject([{ filter_chain_match: { transport_protocol: 'tls' } }]);
  expect(valuesOf(json, 'require_client_certificate')).toEqual([true]);
  expect(valuesOf(json, 'match_typed_subject_alt_names')).toEqual([
    [{ san_type: 'URI', matcher: { prefix: 'spiffe://cluster.local/' } }],
  ]);
  expect(json['continue_on_listener_filters_timeout']).toBeUndefined();
});

test('a permissive port takes mutual TLS from sidecars and everything else as it is', () => {
  const json = listener({ mutualTls: 'permissive' });
  expect(json['filter_chains']).toMatchObject([
    { name: '9080-mtls', filter_chain_match: { transport_protocol: 'tls', application_protocols: ['istio'] } },
  ]);
  expect(json['default_filter_chain']).toMatchObject({ name: '9080-plain' });
  expect(valuesOf(json, 'require_client_certificate')).toEqual([true]);
  expect(json['continue_on_listener_filters_timeout']).toBe(true);
});

test('a disabled port looks for no TLS, so that a server may speak first', () => {
  const json = listener({ mutualTls: 'disable', protocol: 'tcp' });
  expect(json).not.toHaveProperty('listener_filters');
  expect(valuesOf(json, 'transport_socket')).toEqual([]);
  expect(valuesOf(json, 'cluster')).toEqual(['inbound|9080||']);
});

test('a mode that changes keeps the listener and its address', () => {
  expect(listener({ mutualTls: 'permissive' })['address']).toEqual(listener()['address']);
  expect(listener({ mutualTls: 'permissive' })['listener_filters']).toEqual(listener()['listener_filters']);
});

test('a port without declared protocol has its ways twice, for HTTP and for bytes', () => {
  const json = listener({ protocol: 'auto', mutualTls: 'permissive' });
  expect(json['filter_chains']).toMatchObject([
    {
      name: '9080-mtls-http',
      filter_chain_match: { transport_protocol: 'tls', application_protocols: ['istio-http'] },
    },
    { name: '9080-mtls', filter_chain_match: { transport_protocol: 'tls', application_protocols: ['istio'] } },
    { name: '9080-plain-http', filter_chain_match: { transport_protocol: 'raw_buffer' } },
  ]);
  expect(json['default_filter_chain']).toMatchObject({ name: '9080-plain' });
  const strict = listener({ protocol: 'auto' });
  expect(strict['filter_chains']).toMatchObject([{ name: '9080-mtls-http' }, { name: '9080-mtls' }]);
  expect(strict).not.toHaveProperty('default_filter_chain');
});

test('gRPC-Web becomes gRPC in front of the program', () => {
  const filters = valuesOf(listener({ protocol: 'grpc' }), 'http_filters').flat() as { readonly name: string }[];
  expect(filters.map(({ name }) => name)).toContain('envoy.filters.http.grpc_web');
  expect(JSON.stringify(listener())).not.toContain('grpc_web');
});

test('TLS of the user’s own ends at the port instead of mutual TLS (Sidecar ingress.tls)', () => {
  const credentials = [{ kind: 'files' as const, certificateChain: '/c.pem', privateKey: '/k.pem' }];
  const json = listener({ mutualTls: 'disable', tls: { credentials, clientCertificate: 'none' } });
  expect(valuesOf(json, 'tls_certificate_sds_secret_configs')).toMatchObject([[{ name: 'file-cert:/c.pem~/k.pem' }]]);
  expect(valuesOf(json, 'require_client_certificate')).not.toContain(true);
});
