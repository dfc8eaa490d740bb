import type { Destination, FieldReader } from '@meshwise/model';
import { readHeaders } from './header-operations.ts';
import { PORTS, readWhole } from './numbers.ts';

/** `destination` of a route, of a mirror, or a mirror itself: a host, perhaps a subset and a port. */
export function readDestination(field: FieldReader): Omit<Destination, 'weight'> | undefined {
  const host = field.string('host');
  const subset = field.string('subset');
  const portField = field.object('port');
  const port = portField === undefined ? undefined : readWhole(portField, 'number', PORTS);
  const isPortUnreadable = portField?.has('number') === true && port === undefined;
  portField?.rest();
  field.rest();
  if (host === undefined || host === '') field.invalid('host', 'is missing');
  if (host === undefined || host === '' || isPortUnreadable) return undefined;
  return {
    host,
    ...(subset === undefined || subset === '' ? {} : { subset }),
    ...(port === undefined ? {} : { port }),
    origin: field.origin(),
  };
}

const MAX_WEIGHT = 0x7fff_ffff;

/** The destinations of a rule with their weights; several of which none has a weight get nothing. */
export function readDestinations(routes: readonly FieldReader[], rule: FieldReader): readonly Destination[] {
  const destinations = routes.flatMap((route): readonly Destination[] => {
    const field = route.object('destination');
    const destination = field === undefined ? undefined : readDestination(field);
    if (field === undefined) route.invalid('destination', 'is missing');
    const weight = readWhole(route, 'weight', { from: 0, to: MAX_WEIGHT }) ?? 0;
    const headers = readHeaders(route);
    route.rest();
    if (destination === undefined) return [];
    return [
      {
        ...destination,
        weight,
        ...(headers?.request === undefined ? {} : { requestHeaders: headers.request }),
        ...(headers?.response === undefined ? {} : { responseHeaders: headers.response }),
      },
    ];
  });
  if (destinations.length > 1 && destinations.every(({ weight }) => weight === 0)) {
    rule.invalid('route', 'has no weight above 0: nothing is sent to any of them');
  }
  return destinations;
}
