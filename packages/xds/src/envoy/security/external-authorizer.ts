import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { defined, type ExternalAuthorizer } from '@meshwise/model';
import { ApiVersion } from '../../../gen/envoy/config/core/v3/config_source_pb.js';
import { GrpcServiceSchema } from '../../../gen/envoy/config/core/v3/grpc_service_pb.js';
import {
  type ExtAuthz,
  ExtAuthzSchema,
  type HttpService,
  HttpServiceSchema,
} from '../../../gen/envoy/extensions/filters/http/ext_authz/v3/ext_authz_pb.js';
import { ExtAuthzSchema as ByteExtAuthzSchema } from '../../../gen/envoy/extensions/filters/network/ext_authz/v3/ext_authz_pb.js';
import type { StatusCode } from '../../../gen/envoy/type/v3/http_status_pb.js';
import { grpcService, hostOf } from '../collectors.ts';
import { durationOf, packed } from '../packing.ts';
import { EXTERNAL_POLICY_KEY, EXTERNAL_POLICY_PREFIX } from './access-rules.ts';
import { listMatcher } from './text-matchers.ts';
import { metadataPrefix } from './tokens.ts';

/** Istio, MeshConfig `extensionProviders.envoyExtAuthzGrpc.timeout`. */
const TIMEOUT_MS = 600_000;

/** Asks about requests that `filter`, the RBAC filter before it, has found a policy for (Envoy, ext_authz). */
export function askAboutRequests(authorizer: ExternalAuthorizer, filter: string): Any {
  const { requestBody, statusOnError } = authorizer;
  const allowedHeaders = listMatcher(authorizer.includedRequestHeaders);
  return packed(ExtAuthzSchema, {
    services: servicesOf(authorizer),
    transportApiVersion: ApiVersion.V3,
    failureModeAllow: authorizer.failOpen === true,
    clearRouteCache: authorizer.clearsRouteCache === true,
    filterEnabledMetadata: isAsked(filter),
    ...(allowedHeaders === undefined ? {} : { allowedHeaders }),
    ...(statusOnError === undefined ? {} : { statusOnError: { code: statusOnError as StatusCode } }),
    ...(requestBody === undefined
      ? {}
      : {
          withRequestBody: {
            maxRequestBytes: requestBody.maxBytes,
            allowPartialMessage: requestBody.allowsPartial === true,
            packAsBytes: requestBody.packsAsBytes === true,
          },
        }),
  });
}

/** The same about connections. HTTP knows no such question: undefined, and nobody is asked, as in Istio. */
export function askAboutConnections(authorizer: ExternalAuthorizer, filter: string): Any | undefined {
  if (authorizer.protocol === 'http') return undefined;
  return packed(ByteExtAuthzSchema, {
    statPrefix: 'tcp.',
    grpcService: grpcOf(authorizer),
    transportApiVersion: ApiVersion.V3,
    failureModeAllow: authorizer.failOpen === true,
    filterEnabledMetadata: isAsked(filter),
  });
}

function isAsked(filter: string) {
  return metadataPrefix(filter, EXTERNAL_POLICY_KEY, EXTERNAL_POLICY_PREFIX);
}

function servicesOf(authorizer: ExternalAuthorizer): ExtAuthz['services'] {
  return authorizer.protocol === 'grpc'
    ? { case: 'grpcService', value: create(GrpcServiceSchema, grpcOf(authorizer)) }
    : { case: 'httpService', value: httpOf(authorizer) };
}

function grpcOf({ cluster, timeoutMs }: ExternalAuthorizer) {
  return { ...grpcService(cluster), timeout: durationOf(timeoutMs ?? TIMEOUT_MS) };
}

function httpOf(authorizer: ExternalAuthorizer): HttpService {
  const { cluster, timeoutMs, pathPrefix } = authorizer;
  const headers = Object.entries(authorizer.addedCheckHeaders ?? {});
  return create(HttpServiceSchema, {
    serverUri: {
      // The question has the host of the request it is about, whatever stands here.
      uri: `http://${hostOf(cluster)}`,
      httpUpstreamType: { case: 'cluster', value: cluster },
      timeout: durationOf(timeoutMs ?? TIMEOUT_MS),
    },
    ...(pathPrefix === undefined ? {} : { pathPrefix }),
    authorizationRequest: { headersToAdd: headers.map(([key, value]) => ({ key, value })) },
    authorizationResponse: defined({
      allowedUpstreamHeaders: listMatcher(authorizer.upstreamHeadersOnAllow),
      allowedClientHeadersOnSuccess: listMatcher(authorizer.downstreamHeadersOnAllow),
      allowedClientHeaders: listMatcher(authorizer.downstreamHeadersOnDeny),
    }),
  });
}
