import { defineKind } from './kind.ts';
import { opt } from './schema.ts';
import {
  EmptySpecSchema,
  HttpRouteGroupSpecSchema,
  HttpRouteGroupV1Alpha1Fields,
  HttpRouteGroupV1Alpha2Fields,
  PortRouteSpecSchema,
} from './smi-traffic-specs.ts';
import {
  TrafficSplitSpecSchema,
  TrafficSplitV1Alpha1SpecSchema,
  TrafficSplitV1Alpha2SpecSchema,
} from './smi-traffic-split.ts';
import {
  TrafficTargetSpecSchema,
  TrafficTargetV1Alpha1Fields,
  TrafficTargetV1Alpha2SpecSchema,
} from './smi-traffic-target.ts';

const specs = { group: 'specs.smi-spec.io' } as const;
const ALL = ['v1alpha4', 'v1alpha3', 'v1alpha2', 'v1alpha1'] as const;

/** Kinds of the Service Mesh Interface (SMI v0.6.0), in all versions that its specification ever had. */
export const smiKinds = [
  defineKind({
    group: 'split.smi-spec.io',
    versions: ALL,
    kind: 'TrafficSplit',
    plural: 'trafficsplits',
    shortNames: ['ts'],
    fields: { spec: TrafficSplitSpecSchema },
    fieldsOfVersions: {
      v1alpha2: { spec: TrafficSplitV1Alpha2SpecSchema },
      v1alpha1: { spec: TrafficSplitV1Alpha1SpecSchema },
    },
  }),
  defineKind({
    group: 'access.smi-spec.io',
    versions: ['v1alpha3', 'v1alpha2', 'v1alpha1'],
    kind: 'TrafficTarget',
    plural: 'traffictargets',
    shortNames: ['tt'],
    fields: { spec: TrafficTargetSpecSchema },
    fieldsOfVersions: { v1alpha2: { spec: TrafficTargetV1Alpha2SpecSchema }, v1alpha1: TrafficTargetV1Alpha1Fields },
  }),
  defineKind({
    ...specs,
    versions: ALL,
    kind: 'HTTPRouteGroup',
    plural: 'httproutegroups',
    shortNames: ['htr'],
    fields: { spec: HttpRouteGroupSpecSchema },
    fieldsOfVersions: { v1alpha2: HttpRouteGroupV1Alpha2Fields, v1alpha1: HttpRouteGroupV1Alpha1Fields },
  }),
  defineKind({
    ...specs,
    versions: ALL,
    kind: 'TCPRoute',
    plural: 'tcproutes',
    shortNames: ['tr'],
    fields: { spec: opt(PortRouteSpecSchema) },
    fieldsOfVersions: { v1alpha3: { spec: opt(EmptySpecSchema) }, v1alpha2: {}, v1alpha1: {} },
  }),
  defineKind({
    ...specs,
    versions: ['v1alpha4'],
    kind: 'UDPRoute',
    plural: 'udproutes',
    shortNames: ['ur'],
    fields: { spec: opt(PortRouteSpecSchema) },
  }),
] as const;
