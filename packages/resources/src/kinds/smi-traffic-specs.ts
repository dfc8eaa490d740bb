import { Type } from 'typebox';
import { allOptional, listMap, opt, Port, text, Unchecked } from './schema.ts';

const Method = Type.Enum(['*', 'GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);
/** "The name is the primary key." */
const name = Type.String({ minLength: 1 });

/** specs.smi-spec.io/v1alpha1, in which all fields are required. */
const MatchV1Alpha1 = Type.Object({ name, pathRegex: text('regex'), methods: Type.Array(Method) });

const MatchSchema = Type.Object({
  name,
  /** Anchored at the beginning of the path. */
  pathRegex: opt(text('regex')),
  methods: opt(Type.Array(Method)),
  /** A map from names to expressions, as the specification has it, or a list of such maps, as its definition of the resource has. */
  headers: opt(Unchecked),
});

export const HttpRouteGroupV1Alpha1Fields = { matches: listMap(MatchV1Alpha1, 'name') };
/** v1alpha2 knows headers, and has no `spec` either. */
export const HttpRouteGroupV1Alpha2Fields = { matches: listMap(MatchSchema, 'name') };
/** v1alpha3 and v1alpha4. */
export const HttpRouteGroupSpecSchema = Type.Object({ matches: listMap(MatchSchema, 'name') });

/** v1alpha4 of TCPRoute and UDPRoute. Without ports: all of them. Earlier versions have nothing to say. */
export const PortRouteSpecSchema = allOptional({ matches: allOptional({ ports: Type.Array(Port) }) });
export const EmptySpecSchema = Type.Object({});
