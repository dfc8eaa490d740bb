import type { FieldPath } from '../field-path.ts';
import { checkBackend } from './backend-reference-rules.ts';
import { checkHttpRule } from './http-route-rules.ts';
import { checkFilters } from './route-filter-rules.ts';
import { checkUnique, type Fields, fieldsAt, isFields, isSet, itemsAt, type Report, ruleError } from './rule-fields.ts';

/** Routes of the Gateway API. */
export function checkGatewayRoute(kind: string, spec: Fields, report: Report): void {
  checkUnique(
    itemsAt(spec, 'parentRefs', ['spec']),
    (parent) =>
      ['group', 'kind', 'namespace', 'name', 'sectionName', 'port']
        .map((name) => parent[name] ?? '')
        .join(' ')
        .trim(),
    'Another reference has this parent: sectionName or port tells them apart',
    report,
  );
  const rules = itemsAt(spec, 'rules', ['spec']);
  checkUnique(rules, ({ name }) => (typeof name === 'string' ? name : undefined), 'Another rule has this name', report);
  for (const [rule, path] of rules) {
    for (const [backend, at] of itemsAt(rule, 'backendRefs', path)) {
      checkBackend(backend, at, report);
      checkFilters(backend, at, report);
    }
    checkFilters(rule, path, report);
    checkSession(fieldsAt(rule, 'sessionPersistence'), [...path, 'sessionPersistence'], report);
    if (kind === 'HTTPRoute') checkHttpRule(rule, path, report);
    if (kind === 'GRPCRoute') checkGrpcRule(rule, path, report);
  }
}

function checkSession(
  { type = 'Cookie', absoluteTimeout, cookieConfig }: Fields,
  path: FieldPath,
  report: Report,
): void {
  if (!isFields(cookieConfig)) return;
  if (type !== 'Cookie') report(ruleError([...path, 'cookieConfig'], 'This is for cookies', type, 'the type Cookie'));
  if (cookieConfig['lifetimeType'] === 'Permanent' && !isSet(absoluteTimeout))
    report(ruleError([...path, 'absoluteTimeout'], 'A permanent cookie needs this field', undefined, 'a duration'));
}

const NAMES = { service: /^\.?[a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*$/i, method: /^[a-z_][a-z_0-9]*$/i } as const;

function checkGrpcRule(rule: Fields, path: FieldPath, report: Report): void {
  for (const [match, at] of itemsAt(rule, 'matches', path)) {
    const { method } = match;
    if (!isFields(method)) continue;
    if (!isSet(method['service']) && !isSet(method['method']))
      report(ruleError([...at, 'method'], 'A field is missing', 'none', 'service, method or both'));
    if (method['type'] === 'RegularExpression') continue;
    for (const name of ['service', 'method'] as const) {
      const value = method[name];
      if (typeof value === 'string' && value !== '' && !NAMES[name].test(value))
        report(ruleError([...at, 'method', name], 'The value does not fit', value, `the name of a ${name}`));
    }
  }
}
