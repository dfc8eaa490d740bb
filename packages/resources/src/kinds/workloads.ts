import { Type } from 'typebox';
import { Conditions, LabelSelectorSchema } from './meta.ts';
import { PodTemplateSchema } from './pod.ts';
import { allOptional, Count, IntOrPercent, opt, type TypeOf, Unchecked } from './schema.ts';

const Replicas = opt(Type.Integer({ minimum: 0, default: 1 }));

/** apps/v1 DeploymentSpec; defaults that depend on other fields are in `defaults/`. */
export const DeploymentSpecSchema = Type.Object({
  replicas: Replicas,
  selector: LabelSelectorSchema,
  template: PodTemplateSchema,
  strategy: opt(
    allOptional({
      type: Type.Enum(['RollingUpdate', 'Recreate']),
      rollingUpdate: allOptional({ maxSurge: IntOrPercent, maxUnavailable: IntOrPercent }),
    }),
  ),
  minReadySeconds: opt(Count),
  revisionHistoryLimit: opt(Type.Integer({ minimum: 0, default: 10 })),
  progressDeadlineSeconds: opt(Type.Integer({ minimum: 1, default: 600 })),
  paused: opt(Type.Boolean()),
});
export type DeploymentSpec = TypeOf<typeof DeploymentSpecSchema>;

const counts = {
  replicas: Count,
  readyReplicas: Count,
  availableReplicas: Count,
  terminatingReplicas: Count,
  observedGeneration: Type.Integer(),
  conditions: Conditions,
};
export const DeploymentStatusSchema = allOptional({
  ...counts,
  updatedReplicas: Count,
  unavailableReplicas: Count,
  collisionCount: Count,
});
export type DeploymentStatus = TypeOf<typeof DeploymentStatusSchema>;

export const ReplicaSetSpecSchema = Type.Object({
  replicas: Replicas,
  selector: LabelSelectorSchema,
  template: opt(PodTemplateSchema),
  minReadySeconds: opt(Count),
});
export type ReplicaSetSpec = TypeOf<typeof ReplicaSetSpecSchema>;
export const ReplicaSetStatusSchema = allOptional({ ...counts, fullyLabeledReplicas: Count });
export type ReplicaSetStatus = TypeOf<typeof ReplicaSetStatusSchema>;

export const StatefulSetSpecSchema = Type.Object({
  replicas: Replicas,
  selector: LabelSelectorSchema,
  template: PodTemplateSchema,
  serviceName: opt(Type.String()),
  podManagementPolicy: opt(Type.Enum(['OrderedReady', 'Parallel'], { default: 'OrderedReady' })),
  updateStrategy: opt(
    allOptional({
      type: Type.Enum(['RollingUpdate', 'OnDelete']),
      rollingUpdate: allOptional({ partition: Count, maxUnavailable: IntOrPercent }),
    }),
  ),
  revisionHistoryLimit: opt(Type.Integer({ minimum: 0, default: 10 })),
  minReadySeconds: opt(Count),
  volumeClaimTemplates: opt(Type.Array(Unchecked)),
  persistentVolumeClaimRetentionPolicy: opt(
    allOptional({ whenDeleted: Type.Enum(['Retain', 'Delete']), whenScaled: Type.Enum(['Retain', 'Delete']) }),
  ),
  ordinals: opt(allOptional({ start: Count })),
});
export type StatefulSetSpec = TypeOf<typeof StatefulSetSpecSchema>;
export const StatefulSetStatusSchema = allOptional({
  ...counts,
  currentReplicas: Count,
  updatedReplicas: Count,
  currentRevision: Type.String(),
  updateRevision: Type.String(),
  collisionCount: Count,
});
export type StatefulSetStatus = TypeOf<typeof StatefulSetStatusSchema>;
