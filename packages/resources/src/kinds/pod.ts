import { Type } from 'typebox';
import { ContainerSchema } from './container.ts';
import { Conditions, LabelSelectorSchema, LocalReference, ObjectMetaSchema } from './meta.ts';
import { allOptional, listMap, opt, Quantity, StringMap, type TypeOf, text, Unchecked } from './schema.ts';

const KeyToPath = Type.Object({ key: Type.String(), path: Type.String(), mode: opt(Type.Integer()) });
const Mode = Type.Integer({ minimum: 0, maximum: 0o777 });

/** Sources that the embedded platform knows are described; the many storage drivers are kept unchecked. */
const VolumeSchema = Type.Object({
  name: text('dns-label'),
  emptyDir: opt(allOptional({ medium: Type.String(), sizeLimit: Quantity })),
  hostPath: opt(Type.Object({ path: Type.String(), type: opt(Type.String()) })),
  configMap: opt(
    allOptional({ name: Type.String(), items: Type.Array(KeyToPath), defaultMode: Mode, optional: Type.Boolean() }),
  ),
  secret: opt(
    allOptional({
      secretName: Type.String(),
      items: Type.Array(KeyToPath),
      defaultMode: Mode,
      optional: Type.Boolean(),
    }),
  ),
  persistentVolumeClaim: opt(Type.Object({ claimName: Type.String(), readOnly: opt(Type.Boolean()) })),
  projected: opt(Unchecked),
  downwardAPI: opt(Unchecked),
  csi: opt(Unchecked),
  ephemeral: opt(Unchecked),
  nfs: opt(Unchecked),
  iscsi: opt(Unchecked),
  fc: opt(Unchecked),
  image: opt(Unchecked),
  awsElasticBlockStore: opt(Unchecked),
  azureDisk: opt(Unchecked),
  azureFile: opt(Unchecked),
  cephfs: opt(Unchecked),
  cinder: opt(Unchecked),
  flexVolume: opt(Unchecked),
  gcePersistentDisk: opt(Unchecked),
  gitRepo: opt(Unchecked),
  glusterfs: opt(Unchecked),
  rbd: opt(Unchecked),
  vsphereVolume: opt(Unchecked),
});

const Toleration = allOptional({
  key: Type.String(),
  operator: Type.Enum(['Exists', 'Equal', 'Lt', 'Gt']),
  value: Type.String(),
  effect: Type.Enum(['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']),
  tolerationSeconds: Type.Integer(),
});
const TopologySpread = Type.Object({
  maxSkew: Type.Integer({ minimum: 1 }),
  topologyKey: Type.String(),
  whenUnsatisfiable: Type.Enum(['DoNotSchedule', 'ScheduleAnyway']),
  labelSelector: opt(LabelSelectorSchema),
  matchLabelKeys: opt(Type.Array(Type.String())),
  minDomains: opt(Type.Integer({ minimum: 1 })),
  nodeAffinityPolicy: opt(Type.String()),
  nodeTaintsPolicy: opt(Type.String()),
});
const PodSecurityContext = allOptional({
  runAsUser: Type.Integer({ minimum: 0 }),
  runAsGroup: Type.Integer({ minimum: 0 }),
  runAsNonRoot: Type.Boolean(),
  fsGroup: Type.Integer({ minimum: 0 }),
  fsGroupChangePolicy: Type.String(),
  supplementalGroups: Type.Array(Type.Integer()),
  supplementalGroupsPolicy: Type.String(),
  sysctls: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  seccompProfile: Unchecked,
  seLinuxOptions: Unchecked,
  seLinuxChangePolicy: Type.String(),
  appArmorProfile: Unchecked,
  windowsOptions: Unchecked,
});

/** core/v1 PodSpec. Scheduling beyond selectors and tolerations is kept unchecked: nothing of ours reads it. */
export const PodSpecSchema = Type.Object({
  containers: listMap(ContainerSchema, 'name'),
  initContainers: opt(listMap(ContainerSchema, 'name')),
  ephemeralContainers: opt(Type.Array(Unchecked)),
  volumes: opt(listMap(VolumeSchema, 'name')),
  serviceAccountName: opt(text('dns-subdomain')),
  serviceAccount: opt(Type.String()),
  automountServiceAccountToken: opt(Type.Boolean()),
  restartPolicy: opt(Type.Enum(['Always', 'OnFailure', 'Never'], { default: 'Always' })),
  terminationGracePeriodSeconds: opt(Type.Integer({ minimum: 0, default: 30 })),
  activeDeadlineSeconds: opt(Type.Integer({ minimum: 1 })),
  dnsPolicy: opt(
    Type.Enum(['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'], { default: 'ClusterFirst' }),
  ),
  dnsConfig: opt(Unchecked),
  nodeSelector: opt(StringMap),
  nodeName: opt(Type.String()),
  affinity: opt(Unchecked),
  tolerations: opt(Type.Array(Toleration)),
  topologySpreadConstraints: opt(listMap(TopologySpread, 'topologyKey', 'whenUnsatisfiable')),
  schedulerName: opt(Type.String({ default: 'default-scheduler' })),
  schedulingGates: opt(listMap(Type.Object({ name: Type.String() }), 'name')),
  priorityClassName: opt(Type.String()),
  priority: opt(Type.Integer()),
  preemptionPolicy: opt(Type.String()),
  runtimeClassName: opt(Type.String()),
  overhead: opt(Type.Record(Type.String(), Quantity)),
  hostNetwork: opt(Type.Boolean()),
  hostPID: opt(Type.Boolean()),
  hostIPC: opt(Type.Boolean()),
  hostUsers: opt(Type.Boolean()),
  hostname: opt(text('dns-label')),
  hostnameOverride: opt(Type.String()),
  subdomain: opt(text('dns-label')),
  setHostnameAsFQDN: opt(Type.Boolean()),
  hostAliases: opt(listMap(Type.Object({ ip: Type.String(), hostnames: opt(Type.Array(Type.String())) }), 'ip')),
  shareProcessNamespace: opt(Type.Boolean()),
  securityContext: opt(PodSecurityContext),
  imagePullSecrets: opt(listMap(LocalReference, 'name')),
  enableServiceLinks: opt(Type.Boolean({ default: true })),
  readinessGates: opt(Type.Array(Type.Object({ conditionType: Type.String() }))),
  os: opt(Type.Object({ name: Type.String() })),
  resourceClaims: opt(listMap(Unchecked, 'name')),
  resources: opt(Unchecked),
  workloadRef: opt(Unchecked),
});
export type PodSpec = TypeOf<typeof PodSpecSchema>;
export type Volume = NonNullable<PodSpec['volumes']>[number];

export const PodTemplateSchema = allOptional({ metadata: ObjectMetaSchema, spec: PodSpecSchema });
export type PodTemplate = TypeOf<typeof PodTemplateSchema>;

export const PodStatusSchema = allOptional({
  phase: Type.Enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']),
  conditions: Conditions,
  containerStatuses: Type.Array(Unchecked),
  initContainerStatuses: Type.Array(Unchecked),
  ephemeralContainerStatuses: Type.Array(Unchecked),
  hostIP: Type.String(),
  hostIPs: Type.Array(Unchecked),
  podIP: Type.String(),
  podIPs: listMap(Type.Object({ ip: Type.String() }), 'ip'),
  startTime: Type.String(),
  message: Type.String(),
  reason: Type.String(),
  qosClass: Type.String(),
  nominatedNodeName: Type.String(),
  observedGeneration: Type.Integer(),
  resize: Type.String(),
  resourceClaimStatuses: Type.Array(Unchecked),
});
export type PodStatus = TypeOf<typeof PodStatusSchema>;
