import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MESHES } from '@meshwise/meshes';
import { type GroupKind, groupOf, parseResources, type Resource } from '@meshwise/resources';
import { schemaPath } from './schema-fields.ts';

const EXAMPLES = fileURLToPath(new URL('../../../packages/meshes/src/testing/complete', import.meta.url));

export interface FieldInExamples {
  /** What resources are told of it; absent: it is enforced wherever it stands. */
  readonly reason?: string;
  /** Elsewhere in the examples it is enforced. */
  readonly isEnforcedInPart: boolean;
}

/** The fields that complete examples of a kind have, and what readers say of them. */
export function fieldsInExamples(
  { group, kind }: GroupKind,
  known: ReadonlySet<string>,
): ReadonlyMap<string, FieldInExamples> {
  const found = new Map<string, (Remark | undefined)[]>();
  const isOfKind = (resource: Resource) => resource.kind === kind && groupOf(resource.apiVersion) === group;
  for (const resource of completeExamples().filter(isOfKind)) {
    const remarks = remarksOn(resource);
    for (const path of pathsOfBody(resource)) {
      const field = schemaPath(path, known);
      if (field === undefined) continue;
      const remark = remarks.find(
        ({ at, isOfWhole }) => at === path || (isBelow(path, at) && (isOfWhole || schemaPath(at, known) === field)),
      );
      found.set(field, [...(found.get(field) ?? []), remark]);
    }
  }
  return new Map([...found].map(([field, remarks]) => [field, judged(remarks)]));
}

/** What is called invalid may be the fault of one example; what no example may have is refused. */
function judged(remarks: readonly (Remark | undefined)[]): FieldInExamples {
  const isEnforcedInPart = remarks.includes(undefined);
  const reason = remarks.find((remark) => remark !== undefined && !(isEnforcedInPart && remark.isFault))?.message;
  return { ...(reason === undefined ? {} : { reason }), isEnforcedInPart };
}

export function completeExamples(): readonly Resource[] {
  return readdirSync(EXAMPLES).flatMap((file) =>
    parseResources(readFileSync(`${EXAMPLES}/${file}`, 'utf8'), { file }).resources.map(({ resource }) => resource),
  );
}

interface Remark {
  readonly at: string;
  readonly message: string;
  /** Of all that is in the field: `info` and what is invalid are said of one field. */
  readonly isOfWhole: boolean;
  readonly isFault: boolean;
}

function remarksOn(resource: Resource): readonly Remark[] {
  return MESHES.flatMap((mesh) => mesh.read(resource)?.residues ?? []).flatMap(
    ({ origin: { field: at }, severity, message }): Remark[] => {
      if (at === undefined) return [];
      const words = message.startsWith(at) ? message.slice(at.length).replace(/^:? /, '') : message;
      return [{ at, message: words, isOfWhole: severity === 'unsupported', isFault: severity === 'invalid' }];
    },
  );
}

function isBelow(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** Of the spec, or of what stands beside the metadata where there is none. */
function pathsOfBody({ apiVersion: _version, kind: _kind, metadata: _metadata, status: _status, ...body }: Resource) {
  return Object.entries(body).flatMap(([name, value]) => pathsOf(value, name));
}

/** Of every value, in the notation of readers. */
function pathsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) {
    const isScalar = value.every((item) => typeof item !== 'object');
    return isScalar ? [path] : value.flatMap((item, index) => pathsOf(item, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([name, child]) => {
    return pathsOf(child, /^[A-Za-z_$][A-Za-z0-9_$-]*$/.test(name) ? `${path}.${name}` : `${path}[${name}]`);
  });
}
