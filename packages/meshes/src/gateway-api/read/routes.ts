import {
  type AttachedRouteItem,
  FieldReader,
  type Fragment,
  type ItemBase,
  itemBase,
  type Residue,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readByteRule } from './byte-rule.ts';
import { GRPC_FILTERS, HTTP_FILTERS } from './filters.ts';
import { readGrpcMatch } from './grpc-match.ts';
import { EVERY_PATH, readHttpMatch } from './http-match.ts';
import { readParents } from './references.ts';
import { everyRequest, type RouteDialect, readRouteRule } from './route-rule.ts';

const HTTP: RouteDialect = {
  filters: HTTP_FILTERS,
  readMatch: readHttpMatch,
  refusal: 500,
  defaultPath: EVERY_PATH,
};
const GRPC: RouteDialect = { filters: GRPC_FILTERS, readMatch: readGrpcMatch, refusal: 503 };

/** gateway.networking.k8s.io HTTPRoute. A rule that cannot be matched as it is meant is reported and left out. */
export function readHttpRoute(resource: Resource): Fragment {
  return readRoute(resource, 'HTTPRoute', HTTP);
}

/** gateway.networking.k8s.io GRPCRoute. */
export function readGrpcRoute(resource: Resource): Fragment {
  return readRoute(resource, 'GRPCRoute', GRPC);
}

/** gateway.networking.k8s.io TLSRoute: connections by the server name that their clients ask for. */
export function readTlsRoute(resource: Resource): Fragment {
  return readRoute(resource, 'TLSRoute', 'tls');
}

/** gateway.networking.k8s.io TCPRoute. */
export function readTcpRoute(resource: Resource): Fragment {
  return readRoute(resource, 'TCPRoute', 'tcp');
}

function readRoute(
  resource: Resource,
  routeKind: AttachedRouteItem['routeKind'],
  dialect: RouteDialect | 'tls' | 'tcp',
): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const base = itemBase(resource);
  const hostnames = routeKind === 'TCPRoute' ? [] : readHostnames(spec);
  const item: AttachedRouteItem = {
    ...base,
    kind: 'attached-route',
    routeKind,
    parents: readParents(spec, base.namespace),
    hostnames: hostnames ?? [],
    ...readRules(spec, dialect, base),
  };
  spec?.rest();
  root.rest();
  // None of its hosts is known: it must not turn into a route for all hosts.
  return { items: [hostnames === undefined ? { ...item, rules: [], byteRules: [] } : item], residues };
}

type Rules = Pick<AttachedRouteItem, 'rules' | 'byteRules'>;

function readRules(spec: FieldReader | undefined, dialect: RouteDialect | 'tls' | 'tcp', route: ItemBase): Rules {
  const { namespace, name } = route;
  const fields = spec?.list('rules') ?? [];
  if (dialect === 'tls' || dialect === 'tcp') {
    return { rules: [], byteRules: fields.flatMap((field) => readByteRule(field, dialect, namespace) ?? []) };
  }
  // The rule that the API server writes where there is none: every request, and nowhere to go.
  if (spec !== undefined && !spec.has('rules') && dialect.defaultPath !== undefined) {
    const action = { kind: 'respond', status: dialect.refusal } as const;
    return { rules: [{ matches: [everyRequest(dialect.defaultPath)], action, origin: spec.origin() }], byteRules: [] };
  }
  const rules = fields.flatMap((field, index) => readRouteRule(field, dialect, { namespace, name, index }) ?? []);
  return { rules, byteRules: [] };
}

const HOSTNAME = /^(?:\*\.)?[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/i;

/** Empty: all hosts. Undefined, and reported, when nothing of what is written is a host. */
function readHostnames(spec: FieldReader | undefined): readonly string[] | undefined {
  const written = spec?.strings('hostnames') ?? [];
  const known = written.filter((hostname) => HOSTNAME.test(hostname));
  if (known.length < written.length) spec?.invalid('hostnames', 'has items that are no host names');
  const isUnknown = known.length === 0 && (written.length > 0 || isText(spec));
  return isUnknown ? undefined : known.map((hostname) => hostname.toLowerCase());
}

function isText(spec: FieldReader | undefined): boolean {
  return spec?.has('hostnames') === true && !Array.isArray((spec.value as { readonly hostnames?: unknown }).hostnames);
}
