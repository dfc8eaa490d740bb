import type { FieldPath } from '../field-path.ts';
import { shown } from '../problem.ts';
import { type ConditionKey, parseConditionKey } from '../security/condition-key.ts';
import { isIpBlock, isPortText, pathProblem, serviceAccountProblem } from '../security/policy-values.ts';
import type { Finding } from './finding.ts';
import { checkPolicyTargets } from './policy-target-rules.ts';

type Report = (finding: Finding) => void;
type Fields = Readonly<Record<string, unknown>>;
/** Why a value is none; undefined when it is one. */
type Check = (value: string) => string | undefined;

const ipBlock: Check = (value) => (isIpBlock(value) ? undefined : 'it is neither an address nor a CIDR range');
const port: Check = (value) => (isPortText(value) ? undefined : 'it is no port from 0 to 65535');
const CHECKS: Readonly<Record<string, Check>> = {
  ipBlocks: ipBlock,
  remoteIpBlocks: ipBlock,
  'source.ip': ipBlock,
  'remote.ip': ipBlock,
  'destination.ip': ipBlock,
  ports: port,
  'destination.port': port,
  paths: pathProblem,
  serviceAccounts: serviceAccountProblem,
  'source.serviceAccount': serviceAccountProblem,
};

/** Identities, which are not looked at before an external authorizer is asked. */
const IDENTITIES: readonly string[] = ['principals', 'requestPrincipals', 'namespaces', 'serviceAccounts'];
const IDENTITY_KEY = /^(?:source\.(?:namespace|serviceAccount|principal)$|request\.auth\.)/;

/** What Istio's webhook asks of an AuthorizationPolicy besides the types of its fields. */
export function checkAuthorizationPolicy(spec: object, report: Report): void {
  const fields = spec as Fields;
  checkPolicyTargets(fields, report);
  checkAction(fields, report);
  for (const [index, rule] of itemsOf(fields['rules'])) {
    const path = ['spec', 'rules', index];
    checkParts(rule, 'from', 'source', path, report);
    checkParts(rule, 'to', 'operation', path, report);
    for (const [at, condition] of itemsOf(rule['when'])) checkCondition(condition, [...path, 'when', at], report);
    if (fields['action'] === 'CUSTOM') checkCustom(rule, path, report);
  }
}

function checkAction({ action = 'ALLOW', rules, provider }: Fields, report: Report): void {
  if ((action === 'DENY' || action === 'CUSTOM') && (rules === undefined || rules === null))
    report(
      error(['spec', 'rules'], `Without rules, ${action} never happens`, 'nothing', 'rules, {} for every request'),
    );
  const hasName = isFields(provider) && typeof provider['name'] === 'string' && provider['name'] !== '';
  if (action === 'CUSTOM' && !hasName)
    report(error(['spec', 'provider', 'name'], 'CUSTOM asks a provider', 'nothing', 'the name of a provider'));
  if (action !== 'CUSTOM' && isFields(provider))
    report(error(['spec', 'provider'], 'Only CUSTOM asks a provider', shown(action), 'CUSTOM'));
}

function checkParts(rule: Fields, list: string, member: string, path: FieldPath, report: Report): void {
  const value = rule[list];
  if (Array.isArray(value) && value.length === 0)
    report(error([...path, list], 'The list must not be empty', '[]', `a ${member}, or no ${list}`));
  for (const [index, item] of itemsOf(value)) {
    const at = [...path, list, index, member];
    const part = item[member];
    const values = isFields(part) ? listsOf(part) : [];
    if (values.length === 0) report(error(at, `A ${member} says something`, 'nothing', `fields of a ${member}`));
    for (const [name, texts] of values) checkValues(texts, CHECKS[positive(name)], [...at, name], report);
    const names = new Set(values.map(([name]) => positive(name)));
    const others = ['principals', 'namespaces'].filter((name) => names.has(name));
    if (names.has('serviceAccounts') && others.length > 0)
      report(error([...at, 'serviceAccounts'], 'It does not go with others', others.join(), 'serviceAccounts alone'));
  }
}

function checkCondition(condition: Fields, path: FieldPath, report: Report): void {
  const { key } = condition;
  if (typeof key !== 'string' || key === '') return;
  const parsed: ConditionKey | { readonly problem: string } = parseConditionKey(key);
  if ('problem' in parsed)
    report(
      error([...path, 'key'], `The key cannot be used: ${parsed.problem}`, shown(key), 'a key of Istio’s conditions'),
    );
  const values = listsOf(condition);
  if (values.length === 0) report(error(path, 'A condition has values', 'none', 'values or notValues'));
  for (const [name, texts] of values) checkValues(texts, CHECKS[key], [...path, name], report);
}

function checkValues(texts: readonly unknown[], check: Check | undefined, path: FieldPath, report: Report): void {
  for (const [index, text] of texts.entries()) {
    if (typeof text !== 'string') continue;
    const problem = text === '' ? 'it is empty' : check?.(text);
    if (problem !== undefined) report(error([...path, index], 'The value does not fit', shown(text), problem));
  }
}

function checkCustom(rule: Fields, path: FieldPath, report: Report): void {
  const wrong = (at: FieldPath, name: string) =>
    report(error(at, 'CUSTOM cannot look at identities', name, 'what the request itself says'));
  for (const [index, { source }] of itemsOf(rule['from'])) {
    for (const [name] of isFields(source) ? listsOf(source) : [])
      if (IDENTITIES.includes(positive(name))) wrong([...path, 'from', index, 'source', name], name);
  }
  for (const [index, { key }] of itemsOf(rule['when']))
    if (typeof key === 'string' && IDENTITY_KEY.test(key)) wrong([...path, 'when', index, 'key'], key);
}

/** Lists that have something in them, by name. */
function listsOf(fields: Fields): readonly (readonly [string, readonly unknown[]])[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    Array.isArray(value) && value.length > 0 ? [[name, value as readonly unknown[]] as const] : [],
  );
}

/** `notPaths` is about paths. */
function positive(name: string): string {
  return name.replace(/^not([A-Z])/, (_, first: string) => first.toLowerCase());
}

function itemsOf(value: unknown): readonly (readonly [number, Fields])[] {
  return Array.isArray(value) ? [...value.entries()].filter(([, item]) => isFields(item)) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function error(path: FieldPath, message: string, found: string, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path, found, expected };
}
