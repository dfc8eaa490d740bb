import { groupOf } from '@meshwise/resources';
import { ageColumn, type Column } from './column.ts';
import {
  destinationRuleColumns,
  envoyFilterColumns,
  gatewayColumns,
  peerAuthenticationColumns,
  proxyConfigColumns,
  serviceEntryColumns,
  sidecarColumns,
  telemetryColumns,
  virtualServiceColumns,
  workloadEntryColumns,
} from './istio.ts';
import { trafficShiftColumns } from './meshwise.ts';
import { configMapColumns, namespaceColumns, secretColumns } from './plain-kinds.ts';
import { podColumns } from './pod.ts';
import { endpointSliceColumns, serviceColumns } from './services.ts';
import { deploymentColumns, replicaSetColumns, statefulSetColumns } from './workloads.ts';

/** By `group/Kind`, since more than one group has a Gateway. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  '/Pod': podColumns,
  '/Service': serviceColumns,
  '/Namespace': namespaceColumns,
  '/ConfigMap': configMapColumns,
  '/Secret': secretColumns,
  'apps/Deployment': deploymentColumns,
  'apps/ReplicaSet': replicaSetColumns,
  'apps/StatefulSet': statefulSetColumns,
  'discovery.k8s.io/EndpointSlice': endpointSliceColumns,
  'networking.istio.io/Gateway': gatewayColumns,
  'networking.istio.io/VirtualService': virtualServiceColumns,
  'networking.istio.io/DestinationRule': destinationRuleColumns,
  'networking.istio.io/EnvoyFilter': envoyFilterColumns,
  'networking.istio.io/ProxyConfig': proxyConfigColumns,
  'networking.istio.io/ServiceEntry': serviceEntryColumns,
  'networking.istio.io/Sidecar': sidecarColumns,
  'networking.istio.io/WorkloadEntry': workloadEntryColumns,
  'meshwise.dev/TrafficShift': trafficShiftColumns,
  'security.istio.io/PeerAuthentication': peerAuthenticationColumns,
  'telemetry.istio.io/Telemetry': telemetryColumns,
};

/** The columns of a kind beside its name; kinds we know nothing of have their age. */
export function columnsOf(apiVersion: string, kind: string, wide: boolean): readonly Column[] {
  const columns = COLUMNS[`${groupOf(apiVersion)}/${kind}`] ?? [ageColumn];
  return columns.filter((column) => wide || column.wide !== true);
}
