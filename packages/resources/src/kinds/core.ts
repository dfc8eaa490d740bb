import { Type } from 'typebox';
import { defineKind } from './kind.ts';
import { Conditions, LocalReference } from './meta.ts';
import { PodSpecSchema, PodStatusSchema } from './pod.ts';
import { allOptional, atomic, opt, StringMap, type TypeOf, text } from './schema.ts';
import { ServiceSpecSchema, ServiceStatusSchema } from './service.ts';

const core = { group: '', versions: ['v1'] } as const;

const NamespaceSpecSchema = allOptional({ finalizers: Type.Array(Type.String()) });
const NamespaceStatusSchema = allOptional({ phase: Type.Enum(['Active', 'Terminating']), conditions: Conditions });
const ObjectReference = allOptional(
  {
    apiVersion: Type.String(),
    kind: Type.String(),
    name: Type.String(),
    namespace: Type.String(),
    uid: Type.String(),
    resourceVersion: Type.String(),
    fieldPath: Type.String(),
  },
  atomic,
);

const serviceAccountFields = {
  secrets: opt(Type.Array(ObjectReference)),
  imagePullSecrets: opt(Type.Array(LocalReference)),
  automountServiceAccountToken: opt(Type.Boolean()),
};
const configMapFields = {
  data: opt(StringMap),
  binaryData: opt(Type.Record(Type.String(), text('base64'))),
  immutable: opt(Type.Boolean()),
};
const secretFields = {
  type: opt(Type.String({ default: 'Opaque' })),
  data: opt(Type.Record(Type.String(), text('base64'))),
  stringData: opt(StringMap),
  immutable: opt(Type.Boolean()),
};

const ServiceAccountDataSchema = Type.Object(serviceAccountFields);
const ConfigMapDataSchema = Type.Object(configMapFields);
const SecretDataSchema = Type.Object(secretFields);
/** These kinds keep their fields beside `metadata`, not under `spec`. */
export type ServiceAccountData = TypeOf<typeof ServiceAccountDataSchema>;
export type ConfigMapData = TypeOf<typeof ConfigMapDataSchema>;
export type SecretData = TypeOf<typeof SecretDataSchema>;

export const coreKinds = [
  defineKind({
    ...core,
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    scope: 'Cluster',
    nameFormat: 'dns-label',
    fields: { spec: opt(NamespaceSpecSchema), status: opt(NamespaceStatusSchema) },
  }),
  defineKind({
    ...core,
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    fields: serviceAccountFields,
  }),
  defineKind({
    ...core,
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    nameFormat: 'service-name',
    fields: { spec: opt(ServiceSpecSchema), status: opt(ServiceStatusSchema) },
  }),
  defineKind({ ...core, kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'], fields: configMapFields }),
  defineKind({ ...core, kind: 'Secret', plural: 'secrets', fields: secretFields }),
  defineKind({
    ...core,
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    fields: { spec: PodSpecSchema, status: opt(PodStatusSchema) },
  }),
] as const;
