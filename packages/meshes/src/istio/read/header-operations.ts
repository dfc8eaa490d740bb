import {
  type FieldReader,
  type HeaderOperations,
  isHeaderName,
  isHeaderValue,
  unknownVariables,
} from '@meshwise/model';

export interface Headers {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
}

/**
 * `headers` of an HTTP rule or of one of its destinations. `Host` and `:authority` of a request may be set or added,
 * which Istio takes as a rewrite of the authority; other pseudo headers, and what is no header, is left out and reported.
 */
export function readHeaders(owner: FieldReader): Headers | undefined {
  const field = owner.object('headers');
  if (field === undefined) return undefined;
  const request = readOperations(field.object('request'), true);
  const response = readOperations(field.object('response'), false);
  field.rest();
  return {
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
  };
}

function readOperations(field: FieldReader | undefined, mayChangeHost: boolean): HeaderOperations | undefined {
  if (field === undefined) return undefined;
  const set = readValues(field, 'set', mayChangeHost);
  const add = readValues(field, 'add', mayChangeHost);
  const remove = (field.strings('remove') ?? []).filter((name) => isAllowed(field, 'remove', name));
  field.rest();
  return { set, add, remove };
}

function readValues(
  field: FieldReader,
  member: 'set' | 'add',
  mayChangeHost: boolean,
): Readonly<Record<string, string>> {
  const values = Object.entries(field.stringMap(member) ?? {});
  const allowed = values.flatMap(([name, value]): readonly (readonly [string, string])[] => {
    const [unknown] = unknownVariables(value);
    if (!isHeaderValue(value) || unknown !== undefined) {
      const why = unknown === undefined ? 'a value that no header can have' : `${unknown}, which is no variable`;
      field.invalid(member, `gives '${name}' ${why}`);
      return [];
    }
    if (mayChangeHost && isAuthority(name)) return [['host', value]];
    return isAllowed(field, member, name) ? [[name, value]] : [];
  });
  return Object.fromEntries(allowed);
}

function isAllowed(field: FieldReader, member: string, name: string): boolean {
  // A proxy refuses a configuration that changes pseudo headers, or Host in another way than by a rewrite.
  if (isHeaderName(name) && !isAuthority(name)) return true;
  field.invalid(member, `cannot change the header '${name}'`);
  return false;
}

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}
