import type { FieldReader, Forwarding, RuleAction } from '@meshwise/model';
import { readDestinations } from './http-destinations.ts';
import { readMirrors } from './http-mirrors.ts';
import { readRedirect } from './http-redirect.ts';
import { readResponse } from './http-response.ts';
import { readRetries } from './http-retries.ts';
import { readRewrite } from './http-rewrite.ts';
import { readDurationMs } from './numbers.ts';

/** What a rule does: redirect, answer itself, delegate or forward. Undefined, and reported, when it says none of them. */
export function readAction(rule: FieldReader): RuleAction | undefined {
  const redirect = rule.object('redirect');
  const response = rule.object('directResponse');
  const delegate = rule.object('delegate');
  const routes = rule.list('route');
  if (delegate !== undefined) return readDelegate(delegate, rule);
  if (redirect !== undefined) return readRedirect(redirect);
  if (response !== undefined) return readResponse(response);
  if (routes.length === 0) {
    rule.invalid(undefined, 'has none of route, redirect, directResponse and delegate');
    return undefined;
  }
  const destinations = readDestinations(routes, rule);
  return { kind: 'forward', destinations, ...readForwarding(rule) };
}

function readForwarding(rule: FieldReader): Forwarding {
  const rewrite = readRewrite(rule.object('rewrite'));
  const timeoutMs = readDurationMs(rule, 'timeout');
  const retries = readRetries(rule.object('retries'));
  const mirrors = readMirrors(rule);
  return {
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retries === undefined ? {} : { retries }),
    ...(mirrors.length === 0 ? {} : { mirrors }),
  };
}

/** Rules of another VirtualService; what this rule says about forwarding holds where they say nothing. */
function readDelegate(field: FieldReader, rule: FieldReader): RuleAction | undefined {
  const name = field.string('name');
  const namespace = field.string('namespace');
  field.rest();
  for (const other of ['route', 'redirect', 'directResponse']) {
    if (rule.has(other)) rule.invalid(other, 'has no effect beside delegate');
  }
  if (name === undefined || name === '') {
    field.invalid('name', 'is missing');
    return undefined;
  }
  const inherited = readForwarding(rule);
  return { kind: 'delegate', name, ...(namespace === undefined || namespace === '' ? {} : { namespace }), inherited };
}
