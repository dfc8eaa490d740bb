import type { FieldReader, HttpMatch, RuleMatch, StringMatch } from '@meshwise/model';
import { readStringMatch } from './string-match.ts';

type NamedMatch = HttpMatch['headers'][number];

/**
 * One entry of `match`; undefined when it has a condition that is not enforced: leaving out the condition would send
 * requests to where they do not belong.
 */
export function readHttpMatch(field: FieldReader): RuleMatch | undefined {
  const name = field.string('name');
  const path = withCase(readCondition(field, 'uri'), field.boolean('ignoreUriCase') ?? false);
  const method = readCondition(field, 'method');
  const authority = readCondition(field, 'authority');
  const scheme = readCondition(field, 'scheme');
  const headers: readonly NamedMatch[] = [
    ...readNamed(field, 'headers'),
    ...readNamed(field, 'withoutHeaders').map((header) => ({ ...header, invert: true })),
  ];
  const queryParameters = readNamed(field, 'queryParams');
  const port = field.number('port');
  const gateways = field.strings('gateways');
  const sourceLabels = field.stringMap('sourceLabels');
  const sourceNamespace = field.string('sourceNamespace');
  field.refuse('statPrefix');
  const isRefused =
    [path, method, authority, scheme].includes('refused') ||
    [...headers, ...queryParameters].some(({ name: header }) => header === '') ||
    field.rest();
  if (isRefused) return undefined;
  return {
    ...(name === undefined ? {} : { name }),
    http: { ...present({ path, method, authority, scheme }), headers, queryParameters },
    ...(port === undefined || port === 0 ? {} : { port }),
    ...(gateways === undefined || gateways.length === 0 ? {} : { gateways }),
    ...(sourceLabels === undefined || Object.keys(sourceLabels).length === 0 ? {} : { sourceLabels }),
    ...(sourceNamespace === undefined || sourceNamespace === '' ? {} : { sourceNamespace }),
  };
}

type Condition = StringMatch | undefined | 'refused';

function readCondition(field: FieldReader, name: string): Condition {
  if (!field.has(name)) return undefined;
  const match = field.object(name);
  return match === undefined ? 'refused' : readStringMatch(match);
}

/** A map from names to conditions; an empty condition asks only that the name is there. */
function readNamed(field: FieldReader, member: string): readonly NamedMatch[] {
  const map = field.object(member);
  if (map === undefined) return [];
  return Object.keys(map.value as object).map((name): NamedMatch => {
    const match = readCondition(map, name);
    // A name that no header can have marks the whole alternative as refused.
    return match === 'refused' ? { name: '', match: { present: true } } : { name, match: match ?? { present: true } };
  });
}

function withCase(path: Condition, ignoreCase: boolean): Condition {
  const isCased = path !== undefined && path !== 'refused' && ('exact' in path || 'prefix' in path);
  return isCased && ignoreCase ? { ...path, ignoreCase } : path;
}

function present(conditions: Readonly<Record<'path' | 'method' | 'authority' | 'scheme', Condition>>) {
  return Object.fromEntries(
    Object.entries(conditions).filter(([, condition]) => condition !== undefined && condition !== 'refused'),
  ) as {
    readonly [name in keyof typeof conditions]?: StringMatch;
  };
}
