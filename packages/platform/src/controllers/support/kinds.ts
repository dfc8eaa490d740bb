import type {
  DeploymentSpec,
  DeploymentStatus,
  Endpoint,
  EndpointSliceData,
  GroupKind,
  PodSpec,
  PodStatus,
  PodTemplate,
  ReplicaSetSpec,
  ReplicaSetStatus,
  Resource,
  ServiceSpec,
  ServiceStatus,
  StatefulSetSpec,
  StatefulSetStatus,
} from '@meshwise/resources';

/*
 * The kinds the controllers work on. What the store returns was checked against the kind's schema when it was written,
 * so the typed views below are taken at the store's word (`as Pod`) where a resource is read.
 */
export type Pod = Resource<PodSpec, PodStatus>;
export type ReplicaSet = Resource<ReplicaSetSpec, ReplicaSetStatus>;
export type Deployment = Resource<DeploymentSpec, DeploymentStatus>;
export type StatefulSet = Resource<StatefulSetSpec, StatefulSetStatus>;
export type Service = Resource<ServiceSpec, ServiceStatus>;
export type EndpointSlice = Resource & EndpointSliceData;
export type { Endpoint, PodTemplate };

/** apps/v1 ControllerRevision, as far as the StatefulSet controller writes it: one version of a pod template. */
export interface ControllerRevision extends Resource {
  readonly revision: number;
  readonly data: { readonly template: PodTemplate };
}

const core = (kind: string): GroupKind => ({ group: '', kind });
const apps = (kind: string): GroupKind => ({ group: 'apps', kind });

export const POD = core('Pod');
export const SERVICE = core('Service');
export const NAMESPACE = core('Namespace');
export const SERVICE_ACCOUNT = core('ServiceAccount');
export const DEPLOYMENT = apps('Deployment');
export const REPLICA_SET = apps('ReplicaSet');
export const STATEFUL_SET = apps('StatefulSet');
export const CONTROLLER_REVISION = apps('ControllerRevision');
export const ENDPOINT_SLICE: GroupKind = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };
