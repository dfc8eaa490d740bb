import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import { KEY_HEADER } from './ask.ts';

const service = 'authz.shop.svc.cluster.local';
const http = (name: string, more: object = {}) => ({
  name,
  envoyExtAuthzHttp: { service, port: 8000, includeRequestHeadersInCheck: [KEY_HEADER, 'x-ext-authz'], ...more },
});
const grpc = (name: string, more: object = {}) => ({ name, envoyExtAuthzGrpc: { service, port: 9000, ...more } });

/** What both meshes have besides defaults: whom policies of CUSTOM may have asked. */
export const MESH_CONFIG = {
  extensionProviders: [
    http('by-http'),
    http('by-http-headers', {
      pathPrefix: '/check',
      includeRequestHeadersInCheck: [KEY_HEADER, 'x-ext-authz', 'x-user*'],
      includeAdditionalHeadersInCheck: { 'x-asks': 'the gateway', 'x-user-kind': 'any' },
      headersToUpstreamOnAllow: ['x-authz-result', 'x-user*'],
      headersToDownstreamOnAllow: ['x-authz-*'],
      headersToDownstreamOnDeny: ['x-authz-*', 'content-type'],
    }),
    http('by-http-with-body', { includeRequestBodyInCheck: { maxRequestBytes: 8, allowPartialMessage: true } }),
    http('by-http-with-whole-body', { includeRequestBodyInCheck: { maxRequestBytes: 8 } }),
    http('by-http-in-time', { timeout: '0.3s', statusOnError: '504' }),
    grpc('by-grpc'),
    grpc('by-grpc-with-body', {
      includeRequestBodyInCheck: { maxRequestBytes: 8, allowPartialMessage: true, packAsBytes: true },
    }),
    http('nobody', { port: 8001 }),
    http('nobody-lets-in', { port: 8001, failOpen: true }),
    http('nobody-says', { port: 8001, statusOnError: '502' }),
    http('nowhere', { service: 'nowhere.shop.svc.cluster.local' }),
  ],
};

/** The same for our side, which reads it from the API; istiod has it in a file. */
export function meshConfigObject(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'istio-system', name: 'istio' },
    data: { mesh: JSON.stringify(MESH_CONFIG) },
  };
}
