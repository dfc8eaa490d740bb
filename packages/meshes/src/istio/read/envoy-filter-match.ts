import type { FieldReader, PatchPlan, PatchTarget } from '@meshwise/model';

type Match = PatchPlan['match'];
type Kind = 'listener' | 'routeConfiguration' | 'cluster';

const kinds: Readonly<Record<PatchTarget, Kind | undefined>> = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  LISTENER_FILTER: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
  EXTENSION_CONFIG: undefined,
};

/** What a patch looks for. Undefined: something that its target never is, so that the patch can match nothing. */
export function readPatchMatch(field: FieldReader, target: PatchTarget): Match | undefined {
  field.ignore('context', 'proxy');
  const wanted = kinds[target];
  const written = (['listener', 'routeConfiguration', 'cluster'] as const).filter((kind) => field.has(kind));
  if (field.refuse('waypoint')) return undefined;
  const wrong = written.filter((kind) => kind !== wanted);
  for (const kind of wrong) field.invalid(kind, `cannot be matched by applyTo ${target}`);
  const found = wanted === undefined ? undefined : field.object(wanted);
  field.ignore(...wrong).rest();
  if (wrong.length > 0) return undefined;
  if (found === undefined || wanted === undefined) return {};
  if (wanted === 'listener') return { listener: readListener(found, target) };
  return { [wanted]: wanted === 'cluster' ? readCluster(found) : readRouteConfiguration(found) };
}

/** The fields that say something; an empty text or zero says nothing, as in protobuf. */
function said(fields: Readonly<Record<string, unknown>>): Match {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== 0),
  );
}

function readListener(field: FieldReader, target: PatchTarget): Match {
  if (field.has('portName')) field.unsupported('portName', 'is ignored, by Istio too: any port matches');
  const chain = field.object('filterChain');
  const filter = chain?.object('filter');
  const subFilter = filter?.object('subFilter');
  if (filter !== undefined && (target === 'LISTENER' || target === 'FILTER_CHAIN' || target === 'LISTENER_FILTER')) {
    chain?.invalid('filter', `has no effect when used with ${target}`);
  }
  if (subFilter !== undefined && target !== 'HTTP_FILTER') {
    filter?.invalid('subFilter', 'has no effect: it is for applyTo HTTP_FILTER');
  }
  const match = said({
    name: field.string('name'),
    portNumber: field.number('portNumber'),
    listenerFilter: field.string('listenerFilter'),
    filterChain:
      chain === undefined
        ? undefined
        : said({
            name: chain.string('name'),
            sni: chain.string('sni'),
            transportProtocol: chain.string('transportProtocol'),
            applicationProtocols: chain.string('applicationProtocols'),
            destinationPort: chain.number('destinationPort'),
            filter:
              filter === undefined
                ? undefined
                : said({
                    name: filter.string('name'),
                    subFilter: subFilter === undefined ? undefined : said({ name: subFilter.string('name') }),
                  }),
          }),
  });
  subFilter?.rest();
  filter?.rest();
  chain?.rest();
  field.ignore('portName').rest();
  return match;
}

function readRouteConfiguration(field: FieldReader): Match {
  const host = field.object('vhost');
  const route = host?.object('route');
  const action = route?.string('action') ?? 'ANY';
  if (!['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE'].includes(action)) {
    route?.invalid('action', 'is none of ANY, ROUTE, REDIRECT, DIRECT_RESPONSE: it matches nothing');
  }
  const match = said({
    name: field.string('name'),
    portNumber: field.number('portNumber'),
    portName: field.string('portName'),
    gateway: field.string('gateway'),
    vhost:
      host === undefined
        ? undefined
        : said({
            name: host.string('name'),
            domainName: host.string('domainName'),
            route:
              route === undefined
                ? undefined
                : said({ name: route.string('name'), ...(action === 'ANY' ? {} : { action }) }),
          }),
  });
  route?.rest();
  host?.rest();
  field.rest();
  return match;
}

function readCluster(field: FieldReader): Match {
  const match = said({
    name: field.string('name'),
    portNumber: field.number('portNumber'),
    service: field.string('service'),
    subset: field.string('subset'),
  });
  field.rest();
  return match;
}
