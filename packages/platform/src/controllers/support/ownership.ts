import type { OwnerReference, Resource } from '@meshwise/resources';

/** The reference that makes `owner` the managing controller of a resource (meta/v1 NewControllerRef). */
export function controllerReference(owner: Resource): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
  };
}

export function controllerOf(resource: Resource): OwnerReference | undefined {
  return resource.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function isControlledBy(resource: Resource, owner: Resource): boolean {
  const uid = owner.metadata.uid;
  return uid !== undefined && controllerOf(resource)?.uid === uid;
}

export function isDeleting(resource: Resource): boolean {
  return resource.metadata.deletionTimestamp !== undefined;
}

export function withOwner(resource: Resource, owner: Resource): Resource {
  const others = resource.metadata.ownerReferences ?? [];
  return { ...resource, metadata: { ...resource.metadata, ownerReferences: [...others, controllerReference(owner)] } };
}

export function withoutOwner(resource: Resource, owner: Resource): Resource {
  const others = resource.metadata.ownerReferences?.filter((reference) => reference.uid !== owner.metadata.uid);
  return { ...resource, metadata: { ...resource.metadata, ownerReferences: others ?? [] } };
}
