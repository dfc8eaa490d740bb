import type { TSchema } from 'typebox';
import { IstioStatusSchema } from './istio-common.ts';
import { DestinationRuleSpecSchema } from './istio-destination-rule.ts';
import { EnvoyFilterSpecSchema } from './istio-envoy-filter.ts';
import { GatewaySpecSchema } from './istio-gateway.ts';
import { ProxyConfigSpecSchema } from './istio-proxy-config.ts';
import {
  AuthorizationPolicySpecSchema,
  PeerAuthenticationSpecSchema,
  RequestAuthenticationSpecSchema,
} from './istio-security.ts';
import { ServiceEntrySpecSchema } from './istio-service-entry.ts';
import { SidecarSpecSchema } from './istio-sidecar.ts';
import { TelemetrySpecSchema } from './istio-telemetry.ts';
import { VirtualServiceSpecSchema } from './istio-virtual-service.ts';
import { WorkloadEntrySpecSchema } from './istio-workload-entry.ts';
import { WorkloadGroupSpecSchema } from './istio-workload-group.ts';
import { defineKind } from './kind.ts';
import { opt } from './schema.ts';

const networking = { group: 'networking.istio.io', versions: ['v1', 'v1beta1', 'v1alpha3'] } as const;
const security = { group: 'security.istio.io', versions: ['v1', 'v1beta1'] } as const;
const fields = (spec: TSchema) => ({ spec: opt(spec), status: opt(IstioStatusSchema) });

/** Istio's kinds, whose schemas follow its custom resource definitions. */
export const istioKinds = [
  defineKind({
    ...networking,
    kind: 'Gateway',
    plural: 'gateways',
    shortNames: ['gw'],
    fields: fields(GatewaySpecSchema),
  }),
  defineKind({
    ...networking,
    kind: 'VirtualService',
    plural: 'virtualservices',
    shortNames: ['vs'],
    fields: fields(VirtualServiceSpecSchema),
  }),
  defineKind({
    ...networking,
    kind: 'DestinationRule',
    plural: 'destinationrules',
    shortNames: ['dr'],
    fields: fields(DestinationRuleSpecSchema),
  }),
  defineKind({
    ...networking,
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    shortNames: ['se'],
    fields: fields(ServiceEntrySpecSchema),
  }),
  defineKind({
    ...networking,
    kind: 'WorkloadEntry',
    plural: 'workloadentries',
    shortNames: ['we'],
    fields: fields(WorkloadEntrySpecSchema),
  }),
  defineKind({
    ...networking,
    kind: 'WorkloadGroup',
    plural: 'workloadgroups',
    shortNames: ['wg'],
    fields: fields(WorkloadGroupSpecSchema),
  }),
  defineKind({
    ...networking,
    kind: 'Sidecar',
    plural: 'sidecars',
    fields: fields(SidecarSpecSchema),
  }),
  defineKind({
    ...networking,
    // Of the versions of the group, Istio serves this kind in its first one only.
    versions: ['v1alpha3'],
    kind: 'EnvoyFilter',
    plural: 'envoyfilters',
    shortNames: [],
    fields: fields(EnvoyFilterSpecSchema),
  }),
  defineKind({
    ...networking,
    versions: ['v1beta1'],
    kind: 'ProxyConfig',
    plural: 'proxyconfigs',
    fields: fields(ProxyConfigSpecSchema),
  }),
  defineKind({
    group: 'telemetry.istio.io',
    versions: ['v1', 'v1alpha1'],
    kind: 'Telemetry',
    plural: 'telemetries',
    shortNames: ['telemetry'],
    fields: fields(TelemetrySpecSchema),
  }),
  defineKind({
    ...security,
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    shortNames: ['pa'],
    fields: fields(PeerAuthenticationSpecSchema),
  }),
  defineKind({
    ...security,
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    shortNames: ['ra'],
    fields: fields(RequestAuthenticationSpecSchema),
  }),
  defineKind({
    ...security,
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    shortNames: ['ap'],
    fields: fields(AuthorizationPolicySpecSchema),
  }),
] as const;
