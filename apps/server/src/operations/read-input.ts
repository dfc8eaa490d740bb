import type { ApplyRequest } from '@meshwise/api';
import {
  findKind,
  groupOf,
  keyOf,
  keyText,
  type ParsedResource,
  type Problem,
  parseResources,
  type Resource,
  validateResource,
} from '@meshwise/resources';

/** A resource of a request, with the problems of its own. */
export interface InputResource {
  readonly resource: Resource;
  readonly problems: readonly Problem[];
  /** Where it stands in the user's text. */
  readonly source: ParsedResource;
}

export interface Input {
  readonly resources: readonly InputResource[];
  /** All of them, those that belong to no resource too. */
  readonly problems: readonly Problem[];
}

/** Parses and validates files as text; resources without a namespace get `namespace` where their kind has one. */
export function readInput(files: ApplyRequest['files'], namespace: string): Input {
  const problems: Problem[] = [];
  const resources: InputResource[] = [];
  for (const file of files) {
    const parsed = parseResources(file.text, { file: file.name });
    problems.push(...parsed.problems);
    for (const source of parsed.resources) {
      const own = validateResource(source);
      problems.push(...own);
      resources.push({ resource: inNamespace(source, namespace), problems: own, source });
    }
  }
  return { resources, problems };
}

/** Where the last of several resources with one key stands: that is the one which holds. */
export function sourceByKey(input: Input): ReadonlyMap<string, ParsedResource> {
  return new Map(input.resources.map(({ resource, source }) => [keyText(keyOf(resource)), source]));
}

/** An unknown kind is taken to have namespaces when its author wrote one. */
function inNamespace({ resource }: ParsedResource, namespace: string): Resource {
  const kind = findKind({ group: groupOf(resource.apiVersion), kind: resource.kind });
  const { namespace: given, ...metadata } = resource.metadata;
  if (kind?.namespaced === false) return { ...resource, metadata };
  if (kind === undefined && given === undefined) return resource;
  return { ...resource, metadata: { ...metadata, namespace: given ?? namespace } };
}
