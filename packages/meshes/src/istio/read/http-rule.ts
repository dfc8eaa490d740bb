import type { FieldReader, HttpRule, RuleMatch } from '@meshwise/model';
import { readHeaders } from './header-operations.ts';
import { readAction } from './http-action.ts';
import { readCors } from './http-cors.ts';
import { readFault } from './http-fault.ts';
import { readHttpMatch } from './http-match.ts';

/** One entry of `spec.http`; undefined when it cannot be carried out, which then is reported. */
export function readHttpRule(field: FieldReader): HttpRule | undefined {
  const name = field.string('name');
  const alternatives = field.list('match');
  const matches = alternatives.map(readHttpMatch).filter((match): match is RuleMatch => match !== undefined);
  const headers = readHeaders(field);
  const action = readAction(field);
  const fault = readFault(field.object('fault'));
  const cors = readCors(field.object('corsPolicy'));
  field.rest();
  // With all its alternatives refused, the rule must not turn into one for every request; nor when they are unreadable.
  const isUnknown = field.has('match') && !Array.isArray((field.value as { readonly match?: unknown }).match);
  if (action === undefined || isUnknown || (alternatives.length > 0 && matches.length === 0)) return undefined;
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    matches,
    action,
    ...(fault === undefined ? {} : { fault }),
    ...(cors === undefined ? {} : { cors }),
    ...(headers?.request === undefined ? {} : { requestHeaders: headers.request }),
    ...(headers?.response === undefined ? {} : { responseHeaders: headers.response }),
    origin: field.origin(),
  };
}
