import { Type } from 'typebox';
import {
  GatewayDuration,
  Hostname,
  routeFields,
  SectionName,
  SessionPersistence,
  weightedBackendFields,
} from './gateway-api-common.ts';
import { HttpRouteFilter } from './gateway-api-filters.ts';
import { allOptional, listMap, listSet, opt, type TypeOf, text } from './schema.ts';

const MatchType = opt(Type.Enum(['Exact', 'RegularExpression'], { default: 'Exact' }));
const HeaderMatch = Type.Object({ type: MatchType, name: text('header-name'), value: Type.String({ minLength: 1 }) });
const QueryMatch = Type.Object({ type: MatchType, name: text('header-name'), value: Type.String({ minLength: 1 }) });

const EVERY_PATH = { type: 'PathPrefix', value: '/' } as const;

const Match = allOptional({
  path: allOptional(
    {
      type: Type.Enum(['Exact', 'PathPrefix', 'RegularExpression'], { default: 'PathPrefix' }),
      value: Type.String({ default: '/' }),
    },
    { default: EVERY_PATH },
  ),
  headers: listMap(HeaderMatch, 'name'),
  queryParams: listMap(QueryMatch, 'name'),
  method: Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']),
});

const Rule = allOptional({
  name: SectionName,
  matches: Type.Array(Match, { maxItems: 64, default: [{ path: EVERY_PATH }] }),
  filters: Type.Array(HttpRouteFilter, { maxItems: 16 }),
  backendRefs: Type.Array(
    Type.Object({ ...weightedBackendFields, filters: opt(Type.Array(HttpRouteFilter, { maxItems: 16 })) }),
    { maxItems: 16 },
  ),
  timeouts: allOptional({ request: GatewayDuration, backendRequest: GatewayDuration }),
  retry: allOptional({
    codes: listSet(Type.Integer({ minimum: 400, maximum: 599 })),
    attempts: Type.Integer(),
    backoff: GatewayDuration,
  }),
  sessionPersistence: SessionPersistence,
});

/** gateway.networking.k8s.io HTTPRoute. */
export const HttpRouteSpecSchema = Type.Object({
  ...routeFields,
  hostnames: opt(Type.Array(Hostname, { maxItems: 16 })),
  rules: opt(Type.Array(Rule, { minItems: 1, maxItems: 16, default: [{ matches: [{ path: EVERY_PATH }] }] })),
});
export type HttpRouteSpec = TypeOf<typeof HttpRouteSpecSchema>;
