import type { FieldReader, HeaderOperations } from '@meshwise/model';

export interface Headers {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
  /** Istio takes a `Host` or `:authority` set on the request as a rewrite of the authority. */
  readonly authority?: string;
}

/** `headers` of an HTTP rule. */
export function readHeaders(rule: FieldReader): Headers | undefined {
  const field = rule.object('headers');
  if (field === undefined) return undefined;
  const request = readOperations(field.object('request'));
  const response = readOperations(field.object('response'));
  field.rest();
  return {
    ...(request.operations === undefined ? {} : { request: request.operations }),
    ...(response.operations === undefined ? {} : { response: response.operations }),
    ...(request.authority === undefined ? {} : { authority: request.authority }),
  };
}

function readOperations(field: FieldReader | undefined): {
  readonly operations?: HeaderOperations;
  readonly authority?: string;
} {
  if (field === undefined) return {};
  const set = Object.entries(field.stringMap('set') ?? {});
  const add = Object.entries(field.stringMap('add') ?? {});
  const remove = field.strings('remove') ?? [];
  field.rest();
  const authority = set.find(([name]) => isAuthority(name))?.[1];
  // Envoy refuses a configuration that changes pseudo headers or Host this way.
  const isForbidden = (name: string) => name === '' || name.startsWith(':') || isAuthority(name);
  const forbidden = [
    ...set.filter(([name]) => !isAuthority(name)),
    ...add,
    ...remove.map((name) => [name] as const),
  ].find(([name]) => isForbidden(name));
  if (forbidden !== undefined) field.invalid(undefined, `cannot change the header '${forbidden[0]}'`);
  const operations: HeaderOperations = {
    set: Object.fromEntries(set.filter(([name]) => !isForbidden(name))),
    add: Object.fromEntries(add.filter(([name]) => !isForbidden(name))),
    remove: remove.filter((name) => !isForbidden(name)),
  };
  return { operations, ...(authority === undefined ? {} : { authority }) };
}

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}
