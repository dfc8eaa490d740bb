import { Type } from 'typebox';
import { opt, Port, text } from './schema.ts';

/** The one identity that SMI knows so far. */
const Subject = {
  kind: Type.Enum(['ServiceAccount']),
  name: text('dns-subdomain'),
  /** That of the object unless given. */
  namespace: opt(text('dns-label')),
};
const SubjectSchema = Type.Object(Subject);
const SubjectWithPort = Type.Object({ ...Subject, port: opt(Port) });

const SpecReference = Type.Object({
  kind: Type.Enum(['HTTPRouteGroup', 'TCPRoute', 'UDPRoute']),
  name: text('dns-subdomain'),
  /** Names in the HTTPRouteGroup; all of them unless given. */
  matches: opt(Type.Array(Type.String())),
});

/** access.smi-spec.io/v1alpha1: nothing stands under `spec`, and rules are called specs. */
export const TrafficTargetV1Alpha1Fields = {
  destination: SubjectWithPort,
  sources: opt(Type.Array(SubjectSchema)),
  specs: opt(Type.Array(SpecReference)),
};

/** access.smi-spec.io/v1alpha2. */
export const TrafficTargetV1Alpha2SpecSchema = Type.Object({
  destination: SubjectWithPort,
  sources: opt(Type.Array(SubjectSchema)),
  rules: opt(Type.Array(SpecReference)),
});

/** access.smi-spec.io/v1alpha3: "must specify a destination, at least one rule, and at least one source". */
export const TrafficTargetSpecSchema = Type.Object({
  destination: SubjectSchema,
  sources: Type.Array(SubjectSchema, { minItems: 1 }),
  rules: Type.Array(SpecReference, { minItems: 1 }),
});
