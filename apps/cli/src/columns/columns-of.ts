import { groupOf } from '@meshwise/resources';
import { ageColumn, type Column } from './column.ts';
import {
  backendTlsPolicyColumns,
  gatewayClassColumns,
  hostRouteColumns,
  k8sGatewayColumns,
  referenceGrantColumns,
  tcpRouteColumns,
} from './gateway-api.ts';
import {
  authorizationPolicyColumns,
  destinationRuleColumns,
  envoyFilterColumns,
  gatewayColumns,
  peerAuthenticationColumns,
  proxyConfigColumns,
  requestAuthenticationColumns,
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
import { httpRouteGroupColumns, portRouteColumns, trafficSplitColumns, trafficTargetColumns } from './smi.ts';
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
  'gateway.networking.k8s.io/GatewayClass': gatewayClassColumns,
  'gateway.networking.k8s.io/Gateway': k8sGatewayColumns,
  'gateway.networking.k8s.io/HTTPRoute': hostRouteColumns,
  'gateway.networking.k8s.io/GRPCRoute': hostRouteColumns,
  'gateway.networking.k8s.io/TLSRoute': hostRouteColumns,
  'gateway.networking.k8s.io/TCPRoute': tcpRouteColumns,
  'gateway.networking.k8s.io/ReferenceGrant': referenceGrantColumns,
  'gateway.networking.k8s.io/BackendTLSPolicy': backendTlsPolicyColumns,
  'meshwise.dev/TrafficShift': trafficShiftColumns,
  'security.istio.io/AuthorizationPolicy': authorizationPolicyColumns,
  'security.istio.io/PeerAuthentication': peerAuthenticationColumns,
  'security.istio.io/RequestAuthentication': requestAuthenticationColumns,
  'telemetry.istio.io/Telemetry': telemetryColumns,
  'split.smi-spec.io/TrafficSplit': trafficSplitColumns,
  'access.smi-spec.io/TrafficTarget': trafficTargetColumns,
  'specs.smi-spec.io/HTTPRouteGroup': httpRouteGroupColumns,
  'specs.smi-spec.io/TCPRoute': portRouteColumns,
  'specs.smi-spec.io/UDPRoute': portRouteColumns,
};

/** The columns of a kind beside its name; kinds we know nothing of have their age. */
export function columnsOf(apiVersion: string, kind: string, wide: boolean): readonly Column[] {
  const columns = COLUMNS[`${groupOf(apiVersion)}/${kind}`] ?? [ageColumn];
  return columns.filter((column) => wide || column.wide !== true);
}
