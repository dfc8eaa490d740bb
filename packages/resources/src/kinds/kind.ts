import { type TProperties, type TSchema, Type } from 'typebox';
import { ObjectMetaSchema } from './meta.ts';
import { opt } from './schema.ts';

export type Scope = 'Namespaced' | 'Cluster';

/** What Meshwise knows about a kind. */
export interface KindDefinition {
  /** '' for core. */
  readonly group: string;
  /** Served versions, preferred one first: `['v1', 'v1beta1']`. */
  readonly versions: readonly string[];
  readonly kind: string;
  /** Name in paths of the API: `virtualservices`. */
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** What `metadata.name` must be; Services and Namespaces are stricter than the rest. */
  readonly nameFormat: 'dns-label' | 'dns-subdomain' | 'service-name';
  /** JSON Schema of the whole object, of the preferred version and those like it. `kindOf` gives that of an object's own. */
  readonly schema: TSchema;
  /** By version, where they are others. */
  readonly schemasOfVersions?: Readonly<Record<string, TSchema>>;
}

interface KindInput {
  readonly group: string;
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly scope?: Scope;
  readonly nameFormat?: KindDefinition['nameFormat'];
  /** The fields beside apiVersion, kind and metadata. */
  readonly fields: TProperties;
  /** The same of versions that have others. */
  readonly fieldsOfVersions?: Readonly<Record<string, TProperties>>;
}

export function defineKind(input: KindInput): KindDefinition {
  const others = Object.entries(input.fieldsOfVersions ?? {});
  return {
    group: input.group,
    versions: input.versions,
    kind: input.kind,
    plural: input.plural,
    shortNames: input.shortNames ?? [],
    namespaced: input.scope !== 'Cluster',
    nameFormat: input.nameFormat ?? 'dns-subdomain',
    schema: schemaOf(input.fields),
    ...(others.length === 0
      ? {}
      : { schemasOfVersions: Object.fromEntries(others.map(([version, fields]) => [version, schemaOf(fields)])) }),
  };
}

function schemaOf(fields: TProperties): TSchema {
  return Type.Object({
    apiVersion: Type.String(),
    kind: Type.String(),
    metadata: opt(ObjectMetaSchema),
    ...fields,
  });
}
