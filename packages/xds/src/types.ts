/**
 * The resource types Meshwise serves and what the protocol says of each. Every rule that depends on a type is a column
 * here, so that the state machine in `ads/` has no `if (type === …)`.
 *
 * Source: "xDS REST and gRPC protocol", sections "Resource Types", "How the client specifies what resources to return",
 * "Eventual consistency considerations" and "Resource warming".
 */
import type { DescMessage } from '@bufbuild/protobuf';
import { ClusterSchema } from '../gen/envoy/config/cluster/v3/cluster_pb.js';
import { TypedExtensionConfigSchema } from '../gen/envoy/config/core/v3/extension_pb.js';
import { ClusterLoadAssignmentSchema } from '../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { ListenerSchema } from '../gen/envoy/config/listener/v3/listener_pb.js';
import { VirtualHostSchema } from '../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../gen/envoy/config/route/v3/route_pb.js';
import { ScopedRouteConfigurationSchema } from '../gen/envoy/config/route/v3/scoped_route_pb.js';
import { SecretSchema } from '../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';

/** Short names, as Envoy's documentation uses them. */
export type XdsType = 'CDS' | 'EDS' | 'SDS' | 'LDS' | 'SRDS' | 'RDS' | 'VHDS' | 'ECDS';

export interface XdsTypeRules {
  readonly type: XdsType;
  readonly typeUrl: string;
  readonly schema: DescMessage;
  /**
   * A first request without names means "all" ("legacy wildcard"), and a state-of-the-world response must hold every
   * resource, since absence is removal. True of listeners and clusters; and of virtual hosts, which exist in the
   * incremental variant only, and of which Envoy names none: it means those of its route configurations.
   */
  readonly wildcardByDefault: boolean;
  /** Additions and changes wait until these types have been acknowledged: what refers comes after what is referred to. */
  readonly addsAfter: readonly XdsType[];
  /**
   * Removals wait until these types no longer refer to what goes. `undefined`: removals travel with the additions,
   * as a listener that takes over another's address must.
   */
  readonly removesAfter: readonly XdsType[] | undefined;
  /** Only the view of one proxy may hold it. */
  readonly isPrivate: boolean;
  /**
   * After a resource of this type is added or changed, the client waits for resources of that type, even if they are
   * the same as before; which, `EncodedResource.warms` says.
   */
  readonly warms: XdsType | undefined;
}

const rules = (
  type: XdsType,
  schema: DescMessage,
  order: { addsAfter: readonly XdsType[]; removesAfter: readonly XdsType[] | undefined },
  traits: { wildcardByDefault?: boolean; isPrivate?: boolean; warms?: XdsType } = {},
): XdsTypeRules => ({
  type,
  schema,
  typeUrl: `type.googleapis.com/${schema.typeName}`,
  wildcardByDefault: traits.wildcardByDefault ?? false,
  isPrivate: traits.isPrivate ?? false,
  warms: traits.warms,
  ...order,
});

/**
 * In the order in which one step sends them. Endpoints and secrets wait for nothing: Envoy withholds its
 * acknowledgement of clusters until they are warm, which takes just those endpoints and secrets.
 */
export const XDS_TYPES: readonly XdsTypeRules[] = [
  rules(
    'CDS',
    ClusterSchema,
    { addsAfter: [], removesAfter: ['LDS', 'SRDS', 'RDS', 'VHDS', 'ECDS'] },
    { wildcardByDefault: true, warms: 'EDS' },
  ),
  rules('EDS', ClusterLoadAssignmentSchema, { addsAfter: [], removesAfter: ['CDS'] }),
  rules('SDS', SecretSchema, { addsAfter: [], removesAfter: ['CDS', 'LDS'] }, { isPrivate: true }),
  rules('LDS', ListenerSchema, { addsAfter: ['CDS', 'EDS'], removesAfter: undefined }, { wildcardByDefault: true }),
  rules('SRDS', ScopedRouteConfigurationSchema, { addsAfter: ['CDS', 'EDS', 'LDS'], removesAfter: ['LDS'] }),
  rules(
    'RDS',
    RouteConfigurationSchema,
    { addsAfter: ['CDS', 'EDS', 'LDS'], removesAfter: ['LDS', 'SRDS'] },
    { warms: 'VHDS' },
  ),
  // Envoy drops virtual hosts of a route configuration that it does not have yet, and never asks for them again.
  rules(
    'VHDS',
    VirtualHostSchema,
    { addsAfter: ['CDS', 'EDS', 'LDS', 'RDS'], removesAfter: undefined },
    { wildcardByDefault: true },
  ),
  rules('ECDS', TypedExtensionConfigSchema, { addsAfter: ['CDS', 'EDS'], removesAfter: ['LDS'] }),
];

const BY_TYPE: ReadonlyMap<XdsType, XdsTypeRules> = new Map(XDS_TYPES.map((entry) => [entry.type, entry]));
const BY_URL: ReadonlyMap<string, XdsTypeRules> = new Map(XDS_TYPES.map((entry) => [entry.typeUrl, entry]));

export function rulesOf(type: XdsType): XdsTypeRules {
  const entry = BY_TYPE.get(type);
  if (entry === undefined) throw new RangeError(`not an xDS type: ${type}`);
  return entry;
}

/** The rules of a type URL as it stands in a request; undefined when Meshwise does not serve it. */
export function rulesOfUrl(typeUrl: string): XdsTypeRules | undefined {
  return BY_URL.get(typeUrl);
}
