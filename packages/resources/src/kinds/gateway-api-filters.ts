import { Type } from 'typebox';
import { BackendObjectReference, LocalObjectReference } from './gateway-api-common.ts';
import { allOptional, atMostOne, Count, listMap, listSet, opt, Port, text } from './schema.ts';

const Header = Type.Object({ name: text('header-name'), value: Type.String({ minLength: 1 }) });
const HeaderModifier = allOptional({
  set: listMap(Header, 'name'),
  add: listMap(Header, 'name'),
  remove: listSet(Type.String()),
});

const Mirror = Type.Object(
  {
    backendRef: BackendObjectReference,
    percent: opt(Type.Integer({ minimum: 0, maximum: 100 })),
    fraction: opt(Type.Object({ numerator: Count, denominator: opt(Type.Integer({ minimum: 1, default: 100 })) })),
  },
  atMostOne('percent', 'fraction'),
);

const PathModifier = Type.Object({
  type: Type.Enum(['ReplaceFullPath', 'ReplacePrefixMatch']),
  replaceFullPath: opt(Type.String()),
  replacePrefixMatch: opt(Type.String()),
});

/** Which codes a redirect may have is a rule: enumerations of schemas are of strings. */
const Redirect = allOptional({
  scheme: Type.Enum(['http', 'https']),
  hostname: text('dns-subdomain'),
  path: PathModifier,
  port: Port,
  statusCode: Type.Integer({ minimum: 300, maximum: 399, default: 302 }),
});

const UrlRewrite = allOptional({ hostname: text('dns-subdomain'), path: PathModifier });

const Cors = allOptional({
  allowOrigins: listSet(text('cors-origin')),
  allowCredentials: Type.Boolean(),
  allowMethods: listSet(
    Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*']),
  ),
  allowHeaders: listSet(text('header-name')),
  exposeHeaders: listSet(text('header-name')),
  maxAge: Type.Integer({ minimum: 1, default: 5 }),
});

const ExternalAuth = Type.Object({
  protocol: Type.Enum(['HTTP', 'GRPC']),
  backendRef: BackendObjectReference,
  grpc: opt(allOptional({ allowedHeaders: listSet(Type.String()) })),
  http: opt(
    allOptional({
      path: Type.String(),
      allowedHeaders: listSet(Type.String()),
      allowedResponseHeaders: listSet(Type.String()),
    }),
  ),
  forwardBody: opt(allOptional({ maxSize: Type.Integer({ minimum: 0, maximum: 65_535 }) })),
});

const sharedFilters = {
  requestHeaderModifier: opt(HeaderModifier),
  responseHeaderModifier: opt(HeaderModifier),
  requestMirror: opt(Mirror),
};
const sharedTypes = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'ExtensionRef'];

export const HttpRouteFilter = Type.Object({
  type: Type.Enum([...sharedTypes, 'RequestRedirect', 'URLRewrite', 'CORS', 'ExternalAuth']),
  ...sharedFilters,
  requestRedirect: opt(Redirect),
  urlRewrite: opt(UrlRewrite),
  cors: opt(Cors),
  externalAuth: opt(ExternalAuth),
  extensionRef: opt(LocalObjectReference),
});

export const GrpcRouteFilter = Type.Object({
  type: Type.Enum(sharedTypes),
  ...sharedFilters,
  extensionRef: opt(LocalObjectReference),
});
