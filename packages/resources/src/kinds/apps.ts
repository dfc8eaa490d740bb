import { defineKind } from './kind.ts';
import { opt } from './schema.ts';
import {
  DeploymentSpecSchema,
  DeploymentStatusSchema,
  ReplicaSetSpecSchema,
  ReplicaSetStatusSchema,
  StatefulSetSpecSchema,
  StatefulSetStatusSchema,
} from './workloads.ts';

const apps = { group: 'apps', versions: ['v1'] } as const;

export const appsKinds = [
  defineKind({
    ...apps,
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    fields: { spec: DeploymentSpecSchema, status: opt(DeploymentStatusSchema) },
  }),
  defineKind({
    ...apps,
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    fields: { spec: ReplicaSetSpecSchema, status: opt(ReplicaSetStatusSchema) },
  }),
  defineKind({
    ...apps,
    kind: 'StatefulSet',
    plural: 'statefulsets',
    shortNames: ['sts'],
    fields: { spec: StatefulSetSpecSchema, status: opt(StatefulSetStatusSchema) },
  }),
] as const;
