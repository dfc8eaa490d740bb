import type { Condition, FieldReader, PathMatch, TextMatch } from '@meshwise/model';
import { isPathTemplate, isPortText, pathProblem, serviceAccountProblem } from '@meshwise/resources';
import { canonicalCidr } from './cidr.ts';
import { hasLiteralStar, namespacePattern, textPattern } from './text-pattern.ts';

/** Undefined: nothing is asked. 'refused': something is, and it cannot be said what. */
export type ReadCondition = Condition | undefined | 'refused';

/** What a condition is about, without its values. */
type About<K extends Condition['of']> = Omit<Extract<Condition, { readonly of: K }>, 'anyOf' | 'noneOf'>;

/** Two lists of values, one of which has to hold and none of which may: `values` and `notValues`, `ports` and `notPorts`. */
export interface Lists {
  readonly field: FieldReader;
  readonly anyOf: string;
  readonly noneOf: string;
}

type TextKind = 'principal' | 'request-principal' | 'audience' | 'presenter' | 'host' | 'method' | 'server-name';

export function textCondition(of: TextKind, lists: Lists): ReadCondition {
  return condition(lists, textOf, (values) => ({ of, ...values }));
}

export function namespaceCondition(lists: Lists): ReadCondition {
  return condition(lists, namespacePattern, (values) => ({ of: 'namespace', ...values }));
}

/** Accounts without a namespace are in that of the policy. */
export function serviceAccountCondition(lists: Lists, namespace: string): ReadCondition {
  const read = (value: string, refuse: Refuse): TextMatch | undefined => {
    const problem = serviceAccountProblem(value);
    return problem === undefined ? { exact: value.includes('/') ? value : `${namespace}/${value}` } : refuse(problem);
  };
  return condition(lists, read, (values) => ({ of: 'service-account', ...values }));
}

export function pathCondition(lists: Lists): ReadCondition {
  const read = (value: string, refuse: Refuse, item: FieldReader): PathMatch | undefined => {
    const problem = pathProblem(value);
    if (problem !== undefined) return refuse(problem);
    return isPathTemplate(value) ? { template: value } : textOf(value, refuse, item);
  };
  return condition(lists, read, (values) => ({ of: 'path', ...values }));
}

export function addressCondition(of: 'source-ip' | 'remote-ip' | 'destination-ip', lists: Lists): ReadCondition {
  const read = (value: string, refuse: Refuse) =>
    canonicalCidr(value) ?? refuse('is neither an address nor a CIDR range');
  return condition(lists, read, (values) => ({ of, ...values }));
}

export function portCondition(lists: Lists): ReadCondition {
  const read = (value: string, refuse: Refuse) => (isPortText(value) ? Number(value) : refuse('is no port'));
  return condition(lists, read, (values) => ({ of: 'destination-port', ...values }));
}

/** Of a header, or of a claim. */
export function namedCondition(about: About<'header'> | About<'claim'>, lists: Lists): ReadCondition {
  return condition(lists, textOf, (values) => ({ ...about, ...values }));
}

/** Metadata: `[v]` is a list with v in it. */
export function metadataCondition(about: About<'metadata'>, lists: Lists): ReadCondition {
  const read = (value: string, refuse: Refuse, item: FieldReader) =>
    textOf(value.replace(/^\[(.*)\]$/, '$1'), refuse, item);
  return condition(lists, read, (values) => ({ ...about, ...values }));
}

type Refuse = (problem: string) => undefined;

function textOf(value: string, _: Refuse, field: FieldReader): TextMatch {
  if (hasLiteralStar(value)) field.info(undefined, `${JSON.stringify(value)}: a * in the middle stands for itself`);
  return textPattern(value);
}

/** The condition of two lists; a value that is none makes all of it unknown. */
function condition<T>(
  { field, anyOf, noneOf }: Lists,
  read: (value: string, refuse: Refuse, field: FieldReader) => T | undefined,
  make: (values: { readonly anyOf: readonly T[]; readonly noneOf: readonly T[] }) => Condition,
): ReadCondition {
  const lists = [anyOf, noneOf].map((name) => {
    const written = field.list(name);
    const values = written.map((item) => {
      const refuse: Refuse = (problem) => {
        item.invalid(undefined, `${problem}: ${JSON.stringify(item.value)}`);
        return undefined;
      };
      if (typeof item.value !== 'string' || item.value === '') return refuse('is no text, or an empty one');
      return read(item.value, refuse, item);
    });
    return field.isNoList(name) || values.includes(undefined)
      ? 'refused'
      : values.filter((value) => value !== undefined);
  });
  const [any, none] = lists;
  if (any === undefined || any === 'refused' || none === undefined || none === 'refused') return 'refused';
  return any.length === 0 && none.length === 0 ? undefined : make({ anyOf: any, noneOf: none });
}
