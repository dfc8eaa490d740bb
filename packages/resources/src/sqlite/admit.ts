import { formatFieldPath } from '../field-path.ts';
import { findKind } from '../kinds/registry.ts';
import { normalise } from '../normalise.ts';
import { throwOnError } from '../problem.ts';
import { groupOf, type Resource } from '../resource.ts';
import { checkEnvelope } from '../validate/envelope.ts';

/**
 * What the store asks of an object before it takes it: the envelope that `Resource` promises, and a namespace exactly for
 * namespaced kinds ('default' when none is given). Schemas are not enforced here: what comes from files was validated with
 * its positions, and a store that refused newer fields could not hold what a cluster holds.
 */
export function admitted(resource: Resource): Resource {
  throwOnError(
    checkEnvelope(withoutEmptyName(resource)).map(({ path, ...finding }) => ({
      ...finding,
      field: formatFieldPath(path),
    })),
  );
  const normal = normalise(resource);
  const definition = findKind({ group: groupOf(resource.apiVersion), kind: resource.kind });
  if (definition === undefined) return normal;
  const { namespace, ...metadata } = normal.metadata;
  if (!definition.namespaced) return { ...normal, metadata };
  return {
    ...normal,
    metadata: { ...metadata, namespace: namespace === undefined || namespace === '' ? 'default' : namespace },
  };
}

/** A parsed resource with `generateName` has the empty name until it is created. */
function withoutEmptyName(resource: Resource): unknown {
  if (resource.metadata?.name !== '' || resource.metadata.generateName === undefined) return resource;
  const { name: _name, ...metadata } = resource.metadata;
  return { ...resource, metadata };
}
