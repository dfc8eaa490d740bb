import { type AuthorizationRule, type Condition, type FieldReader, isHeaderName } from '@meshwise/model';
import { parseConditionKey } from '@meshwise/resources';
import {
  addressCondition,
  type Lists,
  metadataCondition,
  namedCondition,
  namespaceCondition,
  pathCondition,
  portCondition,
  type ReadCondition,
  serviceAccountCondition,
  textCondition,
} from './authorization-conditions.ts';

/** What of a policy makes a difference to its rules. */
export interface RuleScope {
  readonly namespace: string;
  readonly allows: boolean;
}

interface Conditions {
  readonly all: readonly Condition[];
  /** Something is asked that cannot be enforced. */
  readonly isPartial: boolean;
}

/**
 * One of `rules`. What cannot be enforced of it must not let anybody in: a rule that allows is left out as a whole, any
 * other one holds without the condition, and so for more requests (as istiod does).
 */
export function readAuthorizationRule(field: FieldReader, scope: RuleScope): AuthorizationRule | undefined {
  const from = readAlternatives(field, 'from', 'source', (source) => readSource(source, scope.namespace));
  const to = readAlternatives(field, 'to', 'operation', readOperation);
  const when = conditionsOf(field.list('when').map((entry) => readWhen(entry, scope.namespace)));
  const { value } = field;
  const isRule = typeof value === 'object' && value !== null && !Array.isArray(value);
  const isOther = field.rest();
  if (!isRule || isOther || field.isNoList('when') || from.isPartial || to.isPartial || when.isPartial) {
    const allowed = 'allows nothing, since part of it cannot be enforced';
    field.invalid(
      undefined,
      scope.allows ? allowed : 'holds for more than it says, since part of it cannot be enforced',
    );
    if (scope.allows) return undefined;
  }
  return { from: from.all, to: to.all, when: when.all, origin: field.origin() };
}

function readAlternatives(
  field: FieldReader,
  list: string,
  member: string,
  read: (part: FieldReader) => readonly ReadCondition[],
): { readonly all: readonly (readonly Condition[])[]; readonly isPartial: boolean } {
  const alternatives = field.list(list).map((item) => {
    const part = item.object(member);
    const found = conditionsOf(part === undefined ? [] : read(part));
    const isUnknown = [part?.rest(), item.rest()].includes(true);
    if (found.all.length === 0 && !found.isPartial) item.invalid(member, 'says nothing');
    return { ...found, isPartial: found.isPartial || isUnknown || found.all.length === 0 };
  });
  return {
    all: alternatives.map(({ all }) => all),
    isPartial: alternatives.some(({ isPartial }) => isPartial) || (field.has(list) && alternatives.length === 0),
  };
}

function readSource(field: FieldReader, namespace: string): readonly ReadCondition[] {
  return [
    textCondition('principal', both(field, 'principals')),
    textCondition('request-principal', both(field, 'requestPrincipals')),
    namespaceCondition(both(field, 'namespaces')),
    serviceAccountCondition(both(field, 'serviceAccounts'), namespace),
    addressCondition('source-ip', both(field, 'ipBlocks')),
    addressCondition('remote-ip', both(field, 'remoteIpBlocks')),
  ];
}

function readOperation(field: FieldReader): readonly ReadCondition[] {
  return [
    textCondition('host', both(field, 'hosts')),
    portCondition(both(field, 'ports')),
    textCondition('method', both(field, 'methods')),
    pathCondition(both(field, 'paths')),
  ];
}

/** `principals` with `notPrincipals`. */
function both(field: FieldReader, name: string): Lists {
  return { field, anyOf: name, noneOf: `not${name.charAt(0).toUpperCase()}${name.slice(1)}` };
}

function readWhen(field: FieldReader, namespace: string): ReadCondition {
  const key = field.string('key') ?? '';
  const lists: Lists = { field, anyOf: 'values', noneOf: 'notValues' };
  const read = readAttribute(field, key, lists, namespace);
  if (read === undefined) field.invalid(undefined, 'has neither values nor notValues');
  return field.rest() || read === undefined ? 'refused' : read;
}

function readAttribute(field: FieldReader, key: string, lists: Lists, namespace: string): ReadCondition {
  const parsed = parseConditionKey(key);
  if ('problem' in parsed) {
    field.invalid('key', `${key}: ${parsed.problem}`);
    field.ignore(lists.anyOf, lists.noneOf);
    return 'refused';
  }
  switch (parsed.attribute) {
    case 'source.ip':
      return addressCondition('source-ip', lists);
    case 'remote.ip':
      return addressCondition('remote-ip', lists);
    case 'destination.ip':
      return addressCondition('destination-ip', lists);
    case 'destination.port':
      return portCondition(lists);
    case 'source.namespace':
      return namespaceCondition(lists);
    case 'source.serviceAccount':
      return serviceAccountCondition(lists, namespace);
    case 'source.principal':
      return textCondition('principal', lists);
    case 'request.auth.principal':
      return textCondition('request-principal', lists);
    case 'request.auth.audiences':
      return textCondition('audience', lists);
    case 'request.auth.presenter':
      return textCondition('presenter', lists);
    case 'connection.sni':
      return textCondition('server-name', lists);
    case 'request.auth.claims':
      return namedCondition({ of: 'claim', path: parsed.path }, lists);
    case 'experimental.envoy.filters':
      return metadataCondition({ of: 'metadata', filter: parsed.filter, path: parsed.path }, lists);
    case 'request.headers': {
      const read = namedCondition({ of: 'header', name: parsed.name.toLowerCase() }, lists);
      if (isHeaderName(parsed.name.replace(/^:/, ''))) return read;
      field.invalid('key', `'${parsed.name}' is no header`);
      return 'refused';
    }
  }
}

function conditionsOf(read: readonly ReadCondition[]): Conditions {
  return {
    all: read.filter((condition) => condition !== undefined && condition !== 'refused'),
    isPartial: read.includes('refused'),
  };
}
