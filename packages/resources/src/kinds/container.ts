import { Type } from 'typebox';
import { LifecycleSchema, ProbeSchema } from './probe.ts';
import { allOptional, atomic, listMap, opt, Port, Quantity, type TypeOf, text, Unchecked } from './schema.ts';

const KeyReference = Type.Object(
  { name: opt(Type.String()), key: Type.String(), optional: opt(Type.Boolean()) },
  atomic,
);
const EnvSource = allOptional(
  {
    fieldRef: Type.Object({ fieldPath: Type.String(), apiVersion: opt(Type.String({ default: 'v1' })) }, atomic),
    resourceFieldRef: Type.Object(
      { resource: Type.String(), containerName: opt(Type.String()), divisor: opt(Quantity) },
      atomic,
    ),
    configMapKeyRef: KeyReference,
    secretKeyRef: KeyReference,
    fileKeyRef: Unchecked,
  },
  { 'x-meshwise-exactly-one': ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] },
);
const EnvVarSchema = Type.Object({
  name: Type.String({ minLength: 1 }),
  value: opt(Type.String()),
  valueFrom: opt(EnvSource),
});
export type EnvVar = TypeOf<typeof EnvVarSchema>;

const EnvReference = allOptional({ name: Type.String(), optional: Type.Boolean() });
const EnvFrom = allOptional({ prefix: Type.String(), configMapRef: EnvReference, secretRef: EnvReference });

const ContainerPortSchema = Type.Object({
  containerPort: Port,
  name: opt(text('port-name')),
  protocol: opt(Type.Enum(['TCP', 'UDP', 'SCTP'], { default: 'TCP' })),
  hostPort: opt(Port),
  hostIP: opt(Type.String()),
});
export type ContainerPort = TypeOf<typeof ContainerPortSchema>;

const VolumeMountSchema = Type.Object({
  name: Type.String(),
  mountPath: Type.String({ minLength: 1 }),
  readOnly: opt(Type.Boolean()),
  recursiveReadOnly: opt(Type.Enum(['Disabled', 'IfPossible', 'Enabled'])),
  subPath: opt(Type.String()),
  subPathExpr: opt(Type.String()),
  mountPropagation: opt(Type.Enum(['None', 'HostToContainer', 'Bidirectional'])),
});

const ResourceAmounts = Type.Record(Type.String(), Quantity);
export const ResourceRequirements = allOptional({
  limits: ResourceAmounts,
  requests: ResourceAmounts,
  claims: listMap(Type.Object({ name: Type.String(), request: opt(Type.String()) }), 'name'),
});

const SecurityContext = allOptional({
  allowPrivilegeEscalation: Type.Boolean(),
  privileged: Type.Boolean(),
  readOnlyRootFilesystem: Type.Boolean(),
  runAsNonRoot: Type.Boolean(),
  runAsUser: Type.Integer({ minimum: 0 }),
  runAsGroup: Type.Integer({ minimum: 0 }),
  capabilities: allOptional({ add: Type.Array(Type.String()), drop: Type.Array(Type.String()) }),
  seccompProfile: Unchecked,
  seLinuxOptions: Unchecked,
  appArmorProfile: Unchecked,
  windowsOptions: Unchecked,
  procMount: Type.String(),
});

/** core/v1 Container, init containers (`restartPolicy`) included. */
export const ContainerSchema = Type.Object({
  name: text('dns-label'),
  image: opt(Type.String()),
  imagePullPolicy: opt(Type.Enum(['Always', 'IfNotPresent', 'Never'])),
  command: opt(Type.Array(Type.String())),
  args: opt(Type.Array(Type.String())),
  workingDir: opt(Type.String()),
  ports: opt(listMap(ContainerPortSchema, 'containerPort', 'protocol')),
  env: opt(listMap(EnvVarSchema, 'name')),
  envFrom: opt(Type.Array(EnvFrom)),
  resources: opt(ResourceRequirements),
  resizePolicy: opt(Type.Array(Unchecked)),
  restartPolicy: opt(Type.String()),
  restartPolicyRules: opt(Type.Array(Unchecked)),
  volumeMounts: opt(listMap(VolumeMountSchema, 'mountPath')),
  volumeDevices: opt(listMap(Type.Object({ name: Type.String(), devicePath: Type.String() }), 'devicePath')),
  livenessProbe: opt(ProbeSchema),
  readinessProbe: opt(ProbeSchema),
  startupProbe: opt(ProbeSchema),
  lifecycle: opt(LifecycleSchema),
  securityContext: opt(SecurityContext),
  stdin: opt(Type.Boolean()),
  stdinOnce: opt(Type.Boolean()),
  tty: opt(Type.Boolean()),
  terminationMessagePath: opt(Type.String({ default: '/dev/termination-log' })),
  terminationMessagePolicy: opt(Type.Enum(['File', 'FallbackToLogsOnError'], { default: 'File' })),
});
export type Container = TypeOf<typeof ContainerSchema>;
