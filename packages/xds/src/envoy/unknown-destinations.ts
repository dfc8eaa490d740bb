import { create } from '@bufbuild/protobuf';
import type { OutboundPlan } from '@meshwise/model';
import { type Filter, FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { RBAC_Action as Action } from '../../gen/envoy/config/rbac/v3/rbac_pb.js';
import {
  type Route,
  RouteSchema,
  type VirtualHost,
  VirtualHostSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RBACSchema } from '../../gen/envoy/extensions/filters/network/rbac/v3/rbac_pb.js';
import { ConfigSchema as SetFilterStateSchema } from '../../gen/envoy/extensions/filters/network/set_filter_state/v3/set_filter_state_pb.js';
import { virtualHostResource } from '../view/virtual-host-names.ts';
import { cidr } from './cidr.ts';
import { PASSTHROUGH } from './external-clusters.ts';
import { memoise } from './memoise.ts';
import type { Outside } from './outside.ts';
import { durationOf, packed } from './packing.ts';
import type { EnvoyResource } from './resource.ts';
import { tcpProxy } from './tcp-proxy.ts';

/** What becomes of connections and hosts that nothing knows (Istio, OutboundTrafficPolicy). Equal policies are one object. */
export interface UnknownPolicy {
  readonly mode: 'pass-through' | 'refuse' | 'unset';
  /** Where they go when passed on. */
  readonly cluster: string;
  /** Where they may not have been sent to. */
  readonly refusedRanges: readonly string[];
}

type Asked = Pick<OutboundPlan, 'unknownDestinations' | 'unknownDestinationsCluster'>;

const known = new Map<string, UnknownPolicy>();

export function unknownPolicy(plan: Asked, outside: Outside): UnknownPolicy {
  const cluster = plan.unknownDestinationsCluster ?? PASSTHROUGH;
  // Who names the proxy to go through has chosen where connections arrive.
  const refusedRanges = cluster === PASSTHROUGH ? outside.refusedRanges : [];
  const policy: UnknownPolicy = { mode: plan.unknownDestinations ?? 'unset', cluster, refusedRanges };
  const key = JSON.stringify(policy);
  const same = known.get(key) ?? policy;
  known.set(key, same);
  return same;
}

/** Bytes that no listener and no chain takes. */
export const unknownBytes = memoise((policy: UnknownPolicy): Filter[] => {
  if (policy.mode !== 'pass-through') return [tcpProxy([])];
  const onward = tcpProxy([{ cluster: policy.cluster, weight: 1 }]);
  return policy.refusedRanges.length === 0 ? [onward] : [refusal(policy.refusedRanges), onward];
});

/** Closes connections that were sent to certain addresses. */
function refusal(ranges: readonly string[]): Filter {
  const rule = {
    permissions: ranges.map((range) => ({ rule: { case: 'destinationIp' as const, value: cidr(range) } })),
    principals: [{ identifier: { case: 'any' as const, value: true } }],
  };
  return create(FilterSchema, {
    name: 'envoy.filters.network.rbac',
    configType: {
      case: 'typedConfig',
      value: packed(RBACSchema, {
        statPrefix: 'unknown_destinations_',
        rules: { action: Action.DENY, policies: { 'refused-ranges': rule } },
      }),
    },
  });
}

/** Under this key routes find the address that a connection was sent to, which they cannot match on otherwise. */
const DESTINATION = 'meshwise.destination';

/** What has to stand before the HTTP filters of a listener whose routes may pass requests on. */
export const beforeUnknownHosts = memoise((policy: UnknownPolicy): Filter[] => {
  if (policy.mode !== 'pass-through' || policy.refusedRanges.length === 0) return [];
  return [
    create(FilterSchema, {
      name: 'envoy.filters.network.set_filter_state',
      configType: {
        case: 'typedConfig',
        value: packed(SetFilterStateSchema, {
          onNewConnection: [
            {
              key: { case: 'objectKey', value: DESTINATION },
              factoryKey: 'envoy.string',
              value: {
                case: 'formatString',
                value: {
                  format: {
                    case: 'textFormatSource',
                    value: { specifier: { case: 'inlineString', value: '%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%' } },
                  },
                },
              },
            },
          ],
        }),
      },
    }),
  ];
});

/** The virtual host for all hosts that no other has, with Istio's names and its 502 (REGISTRY_ONLY). */
export function unknownHosts(policy: UnknownPolicy, routes: string): EnvoyResource | undefined {
  if (policy.mode === 'unset') return undefined;
  const byRoutes = hostsOf(policy);
  const printed = byRoutes.get(routes) ?? resourceOf(virtualHost(policy), routes);
  byRoutes.set(routes, printed);
  return printed;
}

const hostsOf = memoise((_: UnknownPolicy) => new Map<string, EnvoyResource>());

function resourceOf(message: VirtualHost, routes: string): EnvoyResource {
  const name = virtualHostResource(routes, message.name);
  return { type: 'VHDS', name, message: create(VirtualHostSchema, { ...message, name }) };
}

function virtualHost({ mode, cluster, refusedRanges }: UnknownPolicy): VirtualHost {
  if (mode === 'refuse') return create(VirtualHostSchema, { name: 'block_all', domains: ['*'], routes: [refused()] });
  const onward = create(RouteSchema, {
    name: 'allow_any',
    match: { pathSpecifier: { case: 'prefix', value: '/' } },
    action: { case: 'route', value: { clusterSpecifier: { case: 'cluster', value: cluster }, timeout: durationOf(0) } },
  });
  const routes = refusedRanges.length === 0 ? [onward] : [refused(refusedRanges), onward];
  return create(VirtualHostSchema, {
    name: 'allow_any',
    domains: ['*'],
    routes,
    includeRequestAttemptCount: true,
  });
}

function refused(ranges?: readonly string[]): Route {
  return create(RouteSchema, {
    name: 'block_all',
    match: {
      pathSpecifier: { case: 'prefix', value: '/' },
      filterState:
        ranges === undefined
          ? []
          : [
              {
                key: DESTINATION,
                matcher: {
                  case: 'stringMatch',
                  value: { matchPattern: { case: 'safeRegex', value: { regex: addressPattern(ranges) } } },
                },
              },
            ],
    },
    action: { case: 'directResponse', value: { status: 502 } },
  });
}

/** Ranges of whole octets as a pattern of the address's text: `127.0.0.0/8` → `127\..*`. */
function addressPattern(ranges: readonly string[]): string {
  const prefixes = ranges.map((range) => {
    const [address = '', length = '32'] = range.split('/', 2);
    return address
      .split('.')
      .slice(0, Number(length) / 8)
      .map((octet) => `${octet}\\.`)
      .join('');
  });
  return `(${prefixes.join('|')}).*`;
}
