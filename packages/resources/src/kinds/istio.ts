import type { TSchema } from 'typebox';
import { IstioStatusSchema } from './istio-common.ts';
import { DestinationRuleSpecSchema } from './istio-destination-rule.ts';
import { GatewaySpecSchema } from './istio-gateway.ts';
import { PeerAuthenticationSpecSchema } from './istio-security.ts';
import { VirtualServiceSpecSchema } from './istio-virtual-service.ts';
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
    ...security,
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    shortNames: ['pa'],
    fields: fields(PeerAuthenticationSpecSchema),
  }),
] as const;
