import {
  FieldReader,
  type Fragment,
  itemBase,
  type Residue,
  readRegularExpression,
  type TrafficSpecItem,
  type TrafficSpecMatch,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { versionOf } from './version.ts';

/** specs.smi-spec.io HTTPRouteGroup. In v1alpha1 and v1alpha2 its matches stand beside the metadata. */
export function readHttpRouteGroup(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const version = versionOf(resource);
  const isBare = version === 'v1alpha1' || version === 'v1alpha2';
  const body = isBare ? root : root.object('spec');
  const fields = body?.list('matches') ?? [];
  const item: TrafficSpecItem = {
    ...itemBase(resource),
    kind: 'traffic-spec',
    specKind: 'HTTPRouteGroup',
    matches: fields.flatMap((field) => readMatch(field, version !== 'v1alpha1') ?? []),
    ports: [],
  };
  if (fields.length === 0) root.invalid(isBare ? 'matches' : 'spec', 'has no matches: it describes no request');
  body?.rest();
  root.rest();
  return { items: [item], residues };
}

/** Undefined, and reported, when a condition cannot be read: leaving it out would describe more than was meant. */
function readMatch(field: FieldReader, knowsHeaders: boolean): TrafficSpecMatch | undefined {
  const name = field.string('name') ?? '';
  const pathRegex = readRegularExpression(field, 'pathRegex');
  const methods = readMethods(field);
  const headers = knowsHeaders ? readHeaders(field) : [];
  if (name === '') field.invalid('name', 'is missing');
  const isUnreadable = field.has('pathRegex') && pathRegex === undefined;
  if (field.rest() || isUnreadable || name === '' || methods === 'refused' || headers === 'refused') return undefined;
  return { name, ...(pathRegex === undefined ? {} : { pathRegex }), methods, headers, origin: field.origin() };
}

function readMethods(field: FieldReader): readonly string[] | 'refused' {
  const methods = field.strings('methods') ?? [];
  if (methods.includes('*')) return [];
  if (field.isNoList('methods')) return 'refused';
  return methods.length < field.list('methods').length ? 'refused' : methods;
}

/** A map from names to expressions, as the specification has it, or a list of such maps, as its custom resource has. */
function readHeaders(field: FieldReader): TrafficSpecMatch['headers'] | 'refused' {
  const { headers: written } = field.value as { readonly headers?: unknown };
  if (written === undefined || written === null) return [];
  const maps = Array.isArray(written) ? field.list('headers') : [field.object('headers')];
  const found = maps.map((map) => (map === undefined ? 'refused' : readHeaderMap(map)));
  return found.includes('refused') ? 'refused' : found.flatMap((headers) => (headers === 'refused' ? [] : headers));
}

const HEADER_NAME = /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function readHeaderMap(map: FieldReader): TrafficSpecMatch['headers'] | 'refused' {
  if (typeof map.value !== 'object' || map.value === null) {
    map.invalid(undefined, 'is not a map from names to regular expressions');
    return 'refused';
  }
  const names = Object.keys(map.value);
  const headers = names.flatMap((name) => {
    const regex = readRegularExpression(map, name);
    if (!HEADER_NAME.test(name)) map.invalid(name, 'is no name of a header');
    return regex === undefined || !HEADER_NAME.test(name) ? [] : [{ name: name.toLowerCase(), regex }];
  });
  return headers.length < names.length ? 'refused' : headers;
}
