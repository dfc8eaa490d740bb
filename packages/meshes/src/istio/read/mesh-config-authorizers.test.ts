import type { MeshSettingsItem } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { meshConfig } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

const place = { service: 'authz.shop.svc.cluster.local', port: 9000 };

function read(kind: string, provider: object, name = 'authz') {
  const { items = [], residues = [] } =
    istioMesh.read(meshConfig({ extensionProviders: [{ name, [kind]: provider }] })) ?? {};
  const [item] = items as readonly MeshSettingsItem[];
  const fields = residues.map(({ origin }) => origin.field?.replace('data.mesh.extensionProviders[0].', ''));
  return { authorizers: item?.externalAuthorizers, providers: item?.providers, fields };
}

describe('MeshConfig extensionProviders', () => {
  it.each([
    ['envoyExtAuthzGrpc', 'grpc'],
    ['envoyExtAuthzHttp', 'http'],
  ])('MeshConfig extensionProviders.%s is asked, and is no provider of telemetry', (kind, protocol) => {
    const settings = { name: 'authz', protocol, host: place.service, port: 9000 };
    expect(read(kind, place)).toEqual({ authorizers: [settings], providers: [], fields: [] });
    const inNamespace = read(kind, { ...place, service: `shop/${place.service}` });
    expect(inNamespace.authorizers).toMatchObject([{ host: `shop/${place.service}` }]);
  });

  it.each<[object, object]>([
    [{ timeout: '2s' }, { timeoutMs: 2000 }],
    [{ failOpen: true }, { failOpen: true }],
    [{ statusOnError: '503' }, { statusOnError: 503 }],
    [{ clearRouteCache: true }, { clearsRouteCache: true }],
    [{ includeRequestBodyInCheck: { maxRequestBytes: 10 } }, { requestBody: { maxBytes: 10 } }],
    [
      { includeRequestBodyInCheck: { maxRequestBytes: 10, allowPartialMessage: true, packAsBytes: true } },
      { requestBody: { maxBytes: 10, allowsPartial: true, packsAsBytes: true } },
    ],
  ])('both kinds have %j', (provider, expected) => {
    for (const kind of ['envoyExtAuthzGrpc', 'envoyExtAuthzHttp'])
      expect(read(kind, { ...place, ...provider })).toMatchObject({ authorizers: [expected], fields: [] });
  });

  it.each<[object, object]>([
    [{ pathPrefix: '/check' }, { pathPrefix: '/check' }],
    [{ includeHeadersInCheck: ['x-old'] }, { includedRequestHeaders: [{ exact: 'x-old' }] }],
    [
      { includeHeadersInCheck: ['x-old'], includeRequestHeadersInCheck: ['X-Custom', 'x-*'] },
      { includedRequestHeaders: [{ exact: 'x-custom' }, { prefix: 'x-' }] },
    ],
    [{ includeAdditionalHeadersInCheck: { 'x-a': 'b' } }, { addedCheckHeaders: { 'x-a': 'b' } }],
    [{ headersToUpstreamOnAllow: ['*-id'] }, { upstreamHeadersOnAllow: [{ suffix: '-id' }] }],
    [{ headersToDownstreamOnAllow: ['set-cookie'] }, { downstreamHeadersOnAllow: [{ exact: 'set-cookie' }] }],
    [{ headersToDownstreamOnDeny: ['set-cookie'] }, { downstreamHeadersOnDeny: [{ exact: 'set-cookie' }] }],
  ])('the one of HTTP has %j', (provider, expected) => {
    expect(read('envoyExtAuthzHttp', { ...place, ...provider })).toMatchObject({ authorizers: [expected], fields: [] });
  });

  it.each<[object, string]>([
    [{ service: '' }, 'envoyExtAuthzHttp.service'],
    [{ port: 0 }, 'envoyExtAuthzHttp.port'],
    [{ pathPrefix: 'check' }, 'envoyExtAuthzHttp.pathPrefix'],
    [{ timeout: 'long' }, 'envoyExtAuthzHttp.timeout'],
    [{ includeRequestBodyInCheck: {} }, 'envoyExtAuthzHttp.includeRequestBodyInCheck.maxRequestBytes'],
    [{ tls: {} }, 'envoyExtAuthzHttp.tls'],
  ])('one with %j is not asked, and says so', (provider, field) => {
    const { authorizers, fields } = read('envoyExtAuthzHttp', { ...place, ...provider });
    expect(authorizers).toBeUndefined();
    expect(fields).toContain(field);
  });

  it('headers that are none are not added', () => {
    const headers = { 'x-a': 'b', 'a b': 'c', 'x-c': 'd\n' };
    const { authorizers, fields } = read('envoyExtAuthzHttp', { ...place, includeAdditionalHeadersInCheck: headers });
    expect(authorizers).toMatchObject([{ addedCheckHeaders: { 'x-a': 'b' } }]);
    expect(fields).toEqual(['envoyExtAuthzHttp.includeAdditionalHeadersInCheck']);
  });

  it('a status that nobody can answer is left out, and the one of gRPC has no headers', () => {
    const odd = read('envoyExtAuthzHttp', { ...place, statusOnError: '999' });
    expect(odd.authorizers?.[0]).not.toHaveProperty('statusOnError');
    expect(odd.fields).toEqual(['envoyExtAuthzHttp.statusOnError']);
    expect(read('envoyExtAuthzGrpc', { ...place, pathPrefix: '/x' })).toMatchObject({
      authorizers: undefined,
      fields: ['envoyExtAuthzGrpc.pathPrefix'],
    });
  });
});
