import type { ApplyRequest } from '@meshwise/api';
import {
  findKind,
  groupOf,
  type ParsedResource,
  type Problem,
  parseResources,
  type Resource,
  validateResource,
} from '@meshwise/resources';

export interface Input {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
}

/** Parses and validates files as text; resources without a namespace get `namespace` where their kind has one. */
export function readInput(files: ApplyRequest['files'], namespace: string): Input {
  const problems: Problem[] = [];
  const resources: Resource[] = [];
  for (const file of files) {
    const parsed = parseResources(file.text, { file: file.name });
    problems.push(...parsed.problems);
    for (const one of parsed.resources) {
      problems.push(...validateResource(one));
      resources.push(inNamespace(one, namespace));
    }
  }
  return { resources, problems };
}

/** An unknown kind is taken to have namespaces when its author wrote one. */
function inNamespace({ resource }: ParsedResource, namespace: string): Resource {
  const kind = findKind({ group: groupOf(resource.apiVersion), kind: resource.kind });
  const { namespace: given, ...metadata } = resource.metadata;
  if (kind?.namespaced === false) return { ...resource, metadata };
  if (kind === undefined && given === undefined) return resource;
  return { ...resource, metadata: { ...metadata, namespace: given ?? namespace } };
}
