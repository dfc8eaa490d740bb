import { Type } from 'typebox';
import { allOptional, atomic, listMap, listSet, opt, type TypeOf, text, Unchecked } from './schema.ts';

export const Labels = Type.Record(Type.String(), text('label-value'), { 'x-meshwise-keys': 'label-key' });
export const Annotations = Type.Record(Type.String(), Type.String(), { 'x-meshwise-keys': 'label-key' });

const OwnerReference = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  uid: Type.String(),
  controller: opt(Type.Boolean()),
  blockOwnerDeletion: opt(Type.Boolean()),
});

/** `metadata` of every resource and of pod templates (k8s.io/apimachinery meta/v1 ObjectMeta). */
export const ObjectMetaSchema = allOptional({
  name: Type.String(),
  namespace: text('dns-label'),
  generateName: Type.String(),
  selfLink: Type.String(),
  uid: Type.String(),
  resourceVersion: Type.String(),
  generation: Type.Integer(),
  creationTimestamp: Type.String(),
  deletionTimestamp: Type.String(),
  deletionGracePeriodSeconds: Type.Integer(),
  labels: Labels,
  annotations: Annotations,
  ownerReferences: listMap(OwnerReference, 'uid'),
  finalizers: listSet(Type.String()),
  managedFields: Type.Array(Unchecked),
});

const LabelSelectorRequirement = Type.Object({
  key: text('label-key'),
  operator: Type.Enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: opt(Type.Array(text('label-value'))),
});

export const LabelSelectorSchema = allOptional(
  { matchLabels: Labels, matchExpressions: Type.Array(LabelSelectorRequirement) },
  atomic,
);
export type LabelSelector = TypeOf<typeof LabelSelectorSchema>;

/** Name of another object in the same namespace. */
export const LocalReference = allOptional({ name: Type.String() }, atomic);
/** Which pods a Service or an Istio resource is for: labels that must all be equal. */
export const SelectorMap = Type.Record(Type.String(), Type.String(), atomic);

export const Condition = Type.Object({
  type: Type.String(),
  status: Type.Enum(['True', 'False', 'Unknown']),
  observedGeneration: opt(Type.Integer()),
  lastTransitionTime: opt(Type.String()),
  lastUpdateTime: opt(Type.String()),
  lastProbeTime: opt(Type.String()),
  reason: opt(Type.String()),
  message: opt(Type.String()),
});
export const Conditions = listMap(Condition, 'type');
