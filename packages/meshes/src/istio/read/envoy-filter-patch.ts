import type {
  FieldReader,
  PatchContext,
  PatchEntry,
  PatchFilterClass,
  PatchOperation,
  PatchPlan,
  PatchProxyMatch,
  PatchTarget,
} from '@meshwise/model';
import { readPatchMatch } from './envoy-filter-match.ts';

const targets: readonly PatchTarget[] = [
  'LISTENER',
  'FILTER_CHAIN',
  'LISTENER_FILTER',
  'NETWORK_FILTER',
  'HTTP_FILTER',
  'ROUTE_CONFIGURATION',
  'VIRTUAL_HOST',
  'HTTP_ROUTE',
  'CLUSTER',
  'EXTENSION_CONFIG',
];
const contexts: readonly PatchContext[] = ['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY'];
const filterClasses: readonly PatchFilterClass[] = ['AUTHN', 'AUTHZ', 'STATS'];

const merges: readonly PatchOperation[] = ['MERGE', 'MERGE_AND_REPLACE_LIST'];
const inserts: readonly PatchOperation[] = ['INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST'];
const ofFilters: readonly PatchOperation[] = ['MERGE', 'ADD', 'REMOVE', ...inserts, 'REPLACE'];

/** What can be done to what; Istio ignores the rest. */
const operations: Readonly<Record<PatchTarget, readonly PatchOperation[]>> = {
  LISTENER: [...merges, 'ADD', 'REMOVE'],
  FILTER_CHAIN: [...merges, 'ADD', 'REMOVE'],
  LISTENER_FILTER: ofFilters,
  NETWORK_FILTER: ofFilters,
  HTTP_FILTER: ofFilters,
  ROUTE_CONFIGURATION: merges,
  VIRTUAL_HOST: [...merges, 'ADD', 'REMOVE', 'REPLACE'],
  HTTP_ROUTE: [...merges, 'ADD', 'REMOVE', ...inserts],
  CLUSTER: [...merges, 'ADD', 'REMOVE'],
  EXTENSION_CONFIG: ['ADD'],
};
const known: readonly PatchOperation[] = [...ofFilters, 'MERGE_AND_REPLACE_LIST'];

/** One entry of `configPatches`; undefined when nothing can be done with it, which is then reported. */
export function readConfigPatch(field: FieldReader): PatchEntry | undefined {
  const target = readTarget(field);
  const matchField = field.object('match');
  const context = readContext(matchField);
  const proxy = readProxy(matchField?.object('proxy'));
  const patchField = field.object('patch');
  const operation = target === undefined ? undefined : readOperation(field, patchField, target);
  const value = patchField?.value as Readonly<Record<string, unknown>> | undefined;
  const written = value?.['value'] ?? undefined;
  const filterClass = readFilterClass(patchField, target, operation);
  patchField?.ignore('value', 'operation').rest();
  if (target === undefined || context === undefined || operation === undefined || proxy === 'never') {
    field.ignore('match', 'patch').rest();
    return undefined;
  }
  const match = matchField === undefined ? {} : readPatchMatch(matchField, target);
  field.rest();
  if (match === undefined) return undefined;
  if (written === undefined && operation !== 'REMOVE') {
    patchField?.invalid('value', `is missing: ${operation} needs one`);
    return undefined;
  }
  const plan: PatchPlan = {
    target,
    context,
    operation,
    match,
    ...(written === undefined ? {} : { value: written }),
    ...(filterClass === undefined ? {} : { filterClass }),
    origin: field.origin(),
  };
  return { plan, ...(proxy === undefined ? {} : { proxy }) };
}

function readTarget(field: FieldReader): PatchTarget | undefined {
  const applyTo = field.string('applyTo');
  if (applyTo === 'BOOTSTRAP') {
    field.unsupported('applyTo', 'BOOTSTRAP is not applied: proxies are started before they ask for configuration');
    return undefined;
  }
  const target = targets.find((candidate) => candidate === applyTo);
  if (target === undefined) field.invalid('applyTo', `is none of ${targets.join(', ')}`);
  return target;
}

function readContext(field: FieldReader | undefined): PatchContext | undefined {
  const written = field?.string('context') ?? 'ANY';
  const context = contexts.find((candidate) => candidate === written);
  if (written === 'WAYPOINT') field?.unsupported('context', 'WAYPOINT is not applied: there are no waypoint proxies');
  else if (context === undefined) field?.invalid('context', `is none of ${contexts.join(', ')}`);
  return context;
}

/** Istio's limit: what is longer matches no proxy. */
const MAX_VERSION_PATTERN = 1_024;

function readProxy(field: FieldReader | undefined): PatchProxyMatch | 'never' | undefined {
  if (field === undefined) return undefined;
  const version = field.string('proxyVersion') ?? '';
  const metadata = field.stringMap('metadata') ?? {};
  field.rest();
  if (version.length > MAX_VERSION_PATTERN || !isRegExp(version)) {
    field.invalid('proxyVersion', 'is not a regular expression that matches a proxy');
    return 'never';
  }
  if (!isQuick(version)) {
    field.unsupported(
      'proxyVersion',
      `repeats groups, or has more than ${MAX_CHOICES} of * + ? |, and matches no proxy`,
    );
    return 'never';
  }
  if (version === '' && Object.keys(metadata).length === 0) return undefined;
  return {
    ...(version === '' ? {} : { version }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

const MAX_CHOICES = 12;

/**
 * Whether JavaScript, which goes back and tries again where Istio's RE2 does not, matches this in no time: without
 * repeated groups and with few choices. `.*` three hundred times takes for ever even on `1.31.0`.
 */
function isQuick(pattern: string): boolean {
  return !/\)[*+{]|\{/.test(pattern) && (pattern.match(/[*+?|]/g) ?? []).length <= MAX_CHOICES;
}

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function readOperation(
  field: FieldReader,
  patch: FieldReader | undefined,
  target: PatchTarget,
): PatchOperation | undefined {
  const written = patch?.string('operation');
  const operation = known.find((candidate) => candidate === written);
  if (patch === undefined || operation === undefined) {
    (patch ?? field).invalid(patch === undefined ? 'patch' : 'operation', `is none of ${known.join(', ')}`);
    return undefined;
  }
  const possible = operations[target];
  if (possible.includes(operation)) return operation;
  // Istio, "EnvoyFilter": inserting into what has no order is adding.
  if (inserts.includes(operation) && possible.includes('ADD') && target !== 'EXTENSION_CONFIG') return 'ADD';
  patch.invalid('operation', `${operation} does nothing to ${target}`);
  return undefined;
}

function readFilterClass(
  field: FieldReader | undefined,
  target: PatchTarget | undefined,
  operation: PatchOperation | undefined,
): PatchFilterClass | undefined {
  const written = field?.string('filterClass') ?? 'UNSPECIFIED';
  const found = filterClasses.find((candidate) => candidate === written);
  if (found === undefined && written !== 'UNSPECIFIED') {
    field?.invalid('filterClass', `is none of UNSPECIFIED, ${filterClasses.join(', ')}`);
  }
  if (found === undefined || (target === 'HTTP_FILTER' && operation === 'ADD')) return found;
  field?.invalid('filterClass', 'has no effect: it is for ADD to HTTP_FILTER');
  return undefined;
}
