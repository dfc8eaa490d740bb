/** A value as JSON has it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Owner of a resource, as in Kubernetes' `metadata.ownerReferences`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** One entry of `metadata.managedFields`: which fields a manager applied, in Kubernetes' FieldsV1 form. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: JsonObject;
}

export interface ObjectMeta {
  readonly name: string;
  /** Absent for kinds that are not namespaced. */
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFields[];
}

/** A Kubernetes-shaped object. `Spec` and `Status` are given by kinds whose schema we know. */
export interface Resource<Spec = unknown, Status = unknown> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: Spec;
  readonly status?: Status;
  /** Kinds such as ConfigMap, Secret, EndpointSlice and ServiceAccount keep their data beside `spec`. */
  readonly [field: string]: unknown;
}

/** Names one resource. `group` is '' for core; the version is not part of the identity. */
export interface ResourceKey {
  readonly group: string;
  readonly kind: string;
  /** '' for kinds that are not namespaced. */
  readonly namespace: string;
  readonly name: string;
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

export function keyOf(resource: Resource): ResourceKey {
  return {
    group: groupOf(resource.apiVersion),
    kind: resource.kind,
    namespace: resource.metadata.namespace ?? '',
    name: resource.metadata.name,
  };
}

/** `group/Kind/namespace/name`: one string per identity, for maps and logs. */
export function keyText(key: ResourceKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}
