import type { FieldPath } from '../field-path.ts';
import { parseDurationMs } from '../units/duration.ts';
import { type Fields, fieldsAt, isSet, itemsAt, type Report, ruleError } from './rule-fields.ts';

/** One rule of an HTTPRoute: its paths, its times, and filters that need a match of a certain form. */
export function checkHttpRule(rule: Fields, path: FieldPath, report: Report): void {
  const matches = itemsAt(rule, 'matches', path);
  for (const [match, at] of matches) checkPath(fieldsAt(match, 'path'), [...at, 'path'], report);
  checkTimeouts(fieldsAt(rule, 'timeouts'), [...path, 'timeouts'], report);
  const backends = itemsAt(rule, 'backendRefs', path);
  const filters = itemsAt(rule, 'filters', path);
  const redirect = filters.find(([filter]) => isSet(filter['requestRedirect']));
  if (redirect !== undefined && backends.length > 0)
    report(
      ruleError([...redirect[1], 'requestRedirect'], 'A redirect leads away from backends', 'both', 'no backendRefs'),
    );
  // Without matches there is one, of the prefix /.
  const hasOnePrefix = matches.length === 0 || (matches.length === 1 && isPrefix(matches[0]?.[0] ?? {}));
  const all = [...filters, ...backends.flatMap(([backend, at]) => itemsAt(backend, 'filters', at))];
  for (const [filter, at] of all) {
    for (const member of ['requestRedirect', 'urlRewrite']) {
      const modifier = fieldsAt(fieldsAt(filter, member), 'path');
      if (modifier['type'] !== 'ReplacePrefixMatch' || hasOnePrefix) continue;
      const message = 'A prefix is replaced where exactly one is matched';
      report(ruleError([...at, member, 'path', 'type'], message, 'other matches', 'one match, of the type PathPrefix'));
    }
  }
}

function isPrefix(match: Fields): boolean {
  return (fieldsAt(match, 'path')['type'] ?? 'PathPrefix') === 'PathPrefix';
}

const FORBIDDEN: readonly RegExp[] = [/\/\//, /\/\.\.?(?:\/|$)/, /%2f/i, /#/];
const CHARACTERS = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;

function checkPath({ type = 'PathPrefix', value }: Fields, path: FieldPath, report: Report): void {
  if (typeof value !== 'string' || (type !== 'Exact' && type !== 'PathPrefix')) return;
  const isPath = value.startsWith('/') && CHARACTERS.test(value) && FORBIDDEN.every((wrong) => !wrong.test(value));
  if (!isPath)
    report(
      ruleError([...path, 'value'], 'The value does not fit', value, 'a path from /, without //, /./, /../, %2f and #'),
    );
}

function checkTimeouts({ request, backendRequest }: Fields, path: FieldPath, report: Report): void {
  if (typeof request !== 'string' || typeof backendRequest !== 'string') return;
  const [wholeMs = 0, oneMs = 0] = [parseDurationMs(request), parseDurationMs(backendRequest)];
  if (wholeMs > 0 && oneMs > wholeMs)
    report(
      ruleError(
        [...path, 'backendRequest'],
        'One attempt cannot take longer than all',
        backendRequest,
        `at most ${request}`,
      ),
    );
}
