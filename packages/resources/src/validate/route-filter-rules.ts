import type { FieldPath } from '../field-path.ts';
import { checkBackend } from './backend-reference-rules.ts';
import { type Fields, fieldsAt, isFields, isSet, itemsAt, type Report, ruleError } from './rule-fields.ts';

/** Where each type of a filter has its settings. */
const MEMBERS: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  CORS: 'cors',
  ExternalAuth: 'externalAuth',
  ExtensionRef: 'extensionRef',
};
/** Several of which make sense. */
const REPEATABLE: readonly string[] = ['RequestMirror', 'ExtensionRef'];

/** `filters` of a rule or of a backend. */
export function checkFilters(owner: Fields, path: FieldPath, report: Report): void {
  const seen = new Set<string>();
  for (const [filter, at] of itemsAt(owner, 'filters', path)) {
    const type = typeof filter['type'] === 'string' ? filter['type'] : '';
    checkMembers(type, filter, at, report);
    if (seen.has(type) && !REPEATABLE.includes(type))
      report(ruleError([...at, 'type'], 'Another filter has this type', type, 'each type once'));
    seen.add(type);
    checkSettings(filter, at, report);
  }
  if (seen.has('RequestRedirect') && seen.has('URLRewrite'))
    report(
      ruleError(
        [...path, 'filters'],
        'These filters exclude each other',
        'RequestRedirect and URLRewrite',
        'one of them',
      ),
    );
}

function checkMembers(type: string, filter: Fields, path: FieldPath, report: Report): void {
  for (const [other, member] of Object.entries(MEMBERS)) {
    if (other === type && !isSet(filter[member]))
      report(ruleError([...path, member], `The type ${type} needs this field`, undefined, 'an object'));
    if (other !== type && isSet(filter[member]))
      report(ruleError([...path, member], `The type ${type} has no such field`, 'an object', 'nothing'));
  }
}

function checkSettings(filter: Fields, path: FieldPath, report: Report): void {
  const { requestMirror, externalAuth } = filter;
  if (isFields(requestMirror)) checkMirror(requestMirror, [...path, 'requestMirror'], report);
  if (isFields(externalAuth)) {
    checkBackend(fieldsAt(externalAuth, 'backendRef'), [...path, 'externalAuth', 'backendRef'], report);
  }
  const redirect = fieldsAt(filter, 'requestRedirect');
  const { statusCode } = redirect;
  if (typeof statusCode === 'number' && ![301, 302, 303, 307, 308].includes(statusCode))
    report(
      ruleError(
        [...path, 'requestRedirect', 'statusCode'],
        'The value does not fit',
        statusCode,
        '301, 302, 303, 307 or 308',
      ),
    );
  checkModifier(fieldsAt(redirect, 'path'), [...path, 'requestRedirect', 'path'], report);
  checkModifier(fieldsAt(fieldsAt(filter, 'urlRewrite'), 'path'), [...path, 'urlRewrite', 'path'], report);
  checkWildcards(fieldsAt(filter, 'cors'), [...path, 'cors'], report);
}

function checkMirror(mirror: Fields, path: FieldPath, report: Report): void {
  checkBackend(fieldsAt(mirror, 'backendRef'), [...path, 'backendRef'], report);
  const { numerator, denominator = 100 } = fieldsAt(mirror, 'fraction');
  if (typeof numerator === 'number' && typeof denominator === 'number' && numerator > denominator)
    report(
      ruleError([...path, 'fraction', 'numerator'], 'A share is no more than all', numerator, `at most ${denominator}`),
    );
}

function checkModifier(modifier: Fields, path: FieldPath, report: Report): void {
  const members = { ReplaceFullPath: 'replaceFullPath', ReplacePrefixMatch: 'replacePrefixMatch' };
  for (const [type, member] of Object.entries(members)) {
    const isThere = modifier[member] !== undefined && modifier[member] !== null;
    if (modifier['type'] === type && !isThere)
      report(ruleError([...path, member], `The type ${type} needs this field`, undefined, 'a path'));
    if (isSet(modifier['type']) && modifier['type'] !== type && isThere)
      report(
        ruleError([...path, member], `The type ${modifier['type']} has no such field`, modifier[member], 'nothing'),
      );
  }
}

function checkWildcards(cors: Fields, path: FieldPath, report: Report): void {
  for (const name of ['allowOrigins', 'allowMethods', 'allowHeaders']) {
    const list = cors[name];
    if (Array.isArray(list) && list.length > 1 && list.includes('*'))
      report(ruleError([...path, name], 'What allows all needs no others', `${list.length} items`, '* alone'));
  }
}
