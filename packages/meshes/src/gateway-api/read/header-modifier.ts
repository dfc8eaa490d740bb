import { type FieldReader, type HeaderOperations, isHeaderName, isHeaderValue } from '@meshwise/model';

/**
 * An HTTPHeaderFilter. Names are the same whatever their case, and the first of several counts. `Host` of a request may be
 * set or added, which is a rewrite of the host, as in Istio.
 */
export function readHeaderModifier(field: FieldReader, mayChangeHost = false): HeaderOperations {
  const set = readHeaders(field, 'set', mayChangeHost);
  const add = readHeaders(field, 'add', mayChangeHost);
  const remove = (field.strings('remove') ?? []).filter((name) => isAllowed(field, 'remove', name));
  field.rest();
  return { set, add, remove };
}

function readHeaders(
  field: FieldReader,
  member: 'set' | 'add',
  mayChangeHost: boolean,
): Readonly<Record<string, string>> {
  const headers = new Map<string, readonly [name: string, value: string]>();
  for (const entry of field.list(member)) {
    const name = entry.string('name') ?? '';
    const value = entry.string('value');
    const isHost = mayChangeHost && name.toLowerCase() === 'host';
    entry.rest();
    if (value === undefined || !isHeaderValue(value)) entry.invalid('value', 'is nothing that a header can have');
    else if ((isHost || isAllowed(entry, 'name', name)) && !headers.has(name.toLowerCase()))
      headers.set(name.toLowerCase(), [isHost ? 'host' : name, literal(value)]);
  }
  return Object.fromEntries(headers.values());
}

/** Values have no variables here: a percent sign means itself. */
function literal(value: string): string {
  return value.replaceAll('%', '%%');
}

/** A proxy refuses to change pseudo headers, and the host in any other way than by a rewrite. */
function isAllowed(field: FieldReader, member: string, name: string): boolean {
  if (isHeaderName(name) && name.toLowerCase() !== 'host') return true;
  field.invalid(member, `'${name}' is no header that can be changed`);
  return false;
}
