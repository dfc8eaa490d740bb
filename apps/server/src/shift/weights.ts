import type {
  HttpMatch,
  ShiftVersion,
  StringMatch,
  TrafficShiftSpec,
  VirtualServiceHttpRoute,
} from '@meshwise/resources';
import { type Names, type RouteParts, testersRouteName, withoutShifted } from './route.ts';
import { destinationOf, isVersion } from './versions.ts';

export type Weights = Readonly<Record<string, number>>;

/** Percent of each version as the route has it. Istio's weights are relative; one destination alone has all (and needs no weight). */
export function percentsOf(
  route: VirtualServiceHttpRoute['route'],
  versions: readonly ShiftVersion[],
  { namespace, clusterDomain }: Names,
): Weights {
  const entries = route ?? [];
  const alone = entries.length === 1;
  const total = entries.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  return Object.fromEntries(
    versions.map((version) => {
      const own = entries.filter(({ destination }) => isVersion(version, destination, namespace, clusterDomain));
      if (alone) return [version.name, own.length * 100];
      const weight = own.reduce((sum, one) => sum + (one.weight ?? 0), 0);
      return [version.name, total === 0 ? 0 : (weight * 100) / total];
    }),
  );
}

/**
 * The parts of a route with these weights, made from those before the shift: destinations stay in their order and keep their
 * headers, versions that are missing are added at the end.
 */
export function partsFor(
  before: RouteParts,
  target: VirtualServiceHttpRoute,
  shift: string,
  spec: TrafficShiftSpec,
  weights: Weights,
  names: Names,
  options: { readonly ended?: boolean } = {},
): RouteParts {
  const { versions } = spec;
  const entries = before.fields.route ?? [];
  const is = (version: ShiftVersion, entry: (typeof entries)[number]) =>
    isVersion(version, entry.destination, names.namespace, names.clusterDomain);
  const taken = new Set<string>();
  const kept = entries.map((entry) => {
    const version = versions.find((one) => !taken.has(one.name) && is(one, entry));
    if (version !== undefined) taken.add(version.name);
    return { ...entry, weight: version === undefined ? 0 : (weights[version.name] ?? 0) };
  });
  const added = versions.flatMap((version) => {
    const weight = weights[version.name] ?? 0;
    return taken.has(version.name) || weight === 0 ? [] : [{ destination: destinationOf(version), weight }];
  });
  const route = [...kept, ...added];
  if (options.ended === true) return { fields: { ...before.fields, route } };
  const testers = testersRoute(target, shift, spec);
  return {
    fields: { ...before.fields, route, ...mirrorFields(spec) },
    ...(testers === undefined ? {} : { testers }),
  };
}

function mirrorFields({
  mirror,
  versions,
}: TrafficShiftSpec): Pick<VirtualServiceHttpRoute, 'mirror' | 'mirrorPercentage'> {
  const version = versions.find(({ name }) => name === mirror?.version);
  if (mirror === undefined || version === undefined) return {};
  return { mirror: destinationOf(version), mirrorPercentage: { value: mirror.percent } };
}

/** The same route, with what tells testers apart in each alternative of its matches, to one version. */
function testersRoute(
  target: VirtualServiceHttpRoute,
  shift: string,
  { testers, versions }: TrafficShiftSpec,
): VirtualServiceHttpRoute | undefined {
  const version = versions.find(({ name }) => name === testers?.version);
  if (testers === undefined || version === undefined) return undefined;
  const cookie = testers.cookie;
  const headers: Record<string, StringMatch> = {
    ...testers.headers,
    ...(cookie === undefined ? {} : { cookie: { regex: cookiePattern(cookie.name, cookie.value) } }),
  };
  const alternatives: readonly HttpMatch[] =
    target.match === undefined || target.match.length === 0 ? [{}] : target.match;
  return {
    ...withoutShifted(target),
    name: testersRouteName(shift),
    match: alternatives.map((match) => ({ ...match, headers: { ...match.headers, ...headers } })),
    route: [{ destination: destinationOf(version) }],
  };
}

/** One cookie among others, in RE2 (RFC 6265, 4.2.1: pairs are separated by a semicolon and a space). */
function cookiePattern(name: string, value: string): string {
  const plain = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `^(.*; ?)?${plain(name)}=${plain(value)}(;.*)?$`;
}
