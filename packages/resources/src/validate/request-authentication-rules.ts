import type { FieldPath } from '../field-path.ts';
import { isHeaderName } from '../names.ts';
import { shown } from '../problem.ts';
import { inlineKeySetProblem, isKeyUri } from '../security/policy-values.ts';
import type { Finding } from './finding.ts';
import { checkPolicyTargets } from './policy-target-rules.ts';

type Report = (finding: Finding) => void;
type Fields = Readonly<Record<string, unknown>>;

/** What Istio's webhook asks of a RequestAuthentication besides the types of its fields. */
export function checkRequestAuthentication(spec: object, report: Report): void {
  const fields = spec as Fields;
  checkPolicyTargets(fields, report);
  const rules = Array.isArray(fields['jwtRules']) ? fields['jwtRules'] : [];
  for (const [index, rule] of rules.entries()) {
    if (typeof rule !== 'object' || rule === null) continue;
    checkRule(rule as Fields, ['spec', 'jwtRules', index], report);
  }
}

function checkRule(rule: Fields, path: FieldPath, report: Report): void {
  const text = (name: string) => (typeof rule[name] === 'string' ? rule[name] : '');
  const uri = text('jwksUri') || text('jwks_uri');
  if (text('issuer') === '' && uri === '')
    report(error([...path, 'issuer'], 'Nobody knows whose tokens these are', 'nothing', 'issuer or jwksUri'));
  if (uri !== '' && !isKeyUri(uri))
    report(error([...path, 'jwksUri'], 'The value does not fit', shown(uri), 'an http or https URL'));
  const problem = text('jwks') === '' ? undefined : inlineKeySetProblem(text('jwks'));
  if (problem !== undefined)
    report(error([...path, 'jwks'], 'This is no JSON Web Key Set', problem, '{"keys":[…]} of RFC 7517'));
  const outputs = Array.isArray(rule['outputClaimToHeaders']) ? rule['outputClaimToHeaders'] : [];
  for (const [index, output] of outputs.entries()) {
    const { header } = Object(output) as { readonly header?: unknown };
    if (typeof header === 'string' && header !== '' && !isHeaderName(header))
      report(
        error([...path, 'outputClaimToHeaders', index, 'header'], 'The value does not fit', shown(header), 'a header'),
      );
  }
}

function error(path: FieldPath, message: string, found: string, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path, found, expected };
}
