import type { KindDefinition } from '@meshwise/resources';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/**
 * Fields of the spec in all versions, lists and maps without their brackets: `http.route.destination.host`. The first versions
 * of SMI's kinds have no spec, and their fields beside the metadata.
 */
export function fieldsOf({ schema, schemasOfVersions = {} }: KindDefinition): readonly string[] {
  const bodies = [schema, ...Object.values(schemasOfVersions)].map((version) => bodyOf(version as Schema));
  return [...new Set(bodies.flatMap((body) => walk(body, '')).map(unrepeated))];
}

function bodyOf({ properties = {} }: Schema): Schema {
  const { spec, apiVersion: _version, kind: _kind, metadata: _metadata, status: _status, ...beside } = properties;
  return spec ?? { properties: beside };
}

/** Parts of a kind that stand in it several times; each is listed once, and once as a whole where it is repeated. */
const REPEATED: readonly RegExp[] = [
  /^(subsets\.trafficPolicy)\..+$/,
  /^(trafficPolicy\.portLevelSettings)\.(?!port\b).+$/,
  /^(rules\.backendRefs\.filters\.(?!type$)\w+)\..+$/,
  /^(tls\.frontend\.perPort\.tls)\..+$/,
  /^(egress\.port|ingress\.port|ingress\.connectionPool|ingress\.tls|inboundConnectionPool)\..+$/,
];

function unrepeated(path: string): string {
  for (const part of REPEATED) {
    const whole = part.exec(path)?.[1];
    if (whole !== undefined) return whole;
  }
  return path;
}

const TEXT_MATCH = ['exact', 'prefix', 'regex'].join();

/** Every field that has none below it, and every list or map of scalars. */
function walk(schema: Schema, path: string): readonly string[] {
  const below = inner(schema);
  const properties = Object.entries(below.properties ?? {});
  // Istio's StringMatch is one field to whoever writes it.
  if (properties.map(([name]) => name).join() === TEXT_MATCH) return [path];
  if (properties.length > 0) {
    return properties.flatMap(([name, child]) => walk(child, path === '' ? name : `${path}.${name}`));
  }
  return path === '' ? [] : [path];
}

/** What stands in a list or map, however deep. */
function inner(schema: Schema): Schema {
  if (schema.items !== undefined) return inner(schema.items);
  const [pattern] = Object.values(schema.patternProperties ?? {});
  if (pattern !== undefined && schema.properties === undefined) return inner(pattern);
  return schema;
}

/** The field of which a path of a resource is or is in, without list indexes and keys of maps: `spec.http[0].match[1].uri.exact`. */
export function schemaPath(path: string, fields: ReadonlySet<string>): string | undefined {
  const steps = path
    .replace(/^spec\./, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .split('.');
  // Some step may be the key of a map rather than a field: `tracing.customTags.mine.literal.value`.
  const readings = [steps, ...steps.map((_, left) => steps.filter((__, index) => index !== left))];
  return readings.map((reading) => longest(reading, fields)).find((field) => field !== undefined);
}

function longest(steps: readonly string[], fields: ReadonlySet<string>): string | undefined {
  const paths = steps.map((_, index) => steps.slice(0, steps.length - index).join('.'));
  return paths.find((path) => fields.has(path));
}
