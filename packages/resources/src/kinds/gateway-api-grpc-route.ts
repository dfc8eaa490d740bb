import { Type } from 'typebox';
import { Hostname, routeFields, SectionName, SessionPersistence, weightedBackendFields } from './gateway-api-common.ts';
import { GrpcRouteFilter } from './gateway-api-filters.ts';
import { allOptional, listMap, opt, type TypeOf, text } from './schema.ts';

const MatchType = opt(Type.Enum(['Exact', 'RegularExpression'], { default: 'Exact' }));

const Match = allOptional({
  method: Type.Object({ type: MatchType, service: opt(Type.String()), method: opt(Type.String()) }),
  headers: listMap(
    Type.Object({ type: MatchType, name: text('header-name'), value: Type.String({ minLength: 1 }) }),
    'name',
  ),
});

const Rule = allOptional({
  name: SectionName,
  matches: Type.Array(Match, { maxItems: 64 }),
  filters: Type.Array(GrpcRouteFilter, { maxItems: 16 }),
  backendRefs: Type.Array(
    Type.Object({ ...weightedBackendFields, filters: opt(Type.Array(GrpcRouteFilter, { maxItems: 16 })) }),
    { maxItems: 16 },
  ),
  sessionPersistence: SessionPersistence,
});

/** gateway.networking.k8s.io GRPCRoute. */
export const GrpcRouteSpecSchema = Type.Object({
  ...routeFields,
  hostnames: opt(Type.Array(Hostname, { maxItems: 16 })),
  rules: opt(Type.Array(Rule, { maxItems: 16 })),
});
export type GrpcRouteSpec = TypeOf<typeof GrpcRouteSpecSchema>;
