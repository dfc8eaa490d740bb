import { type FieldReader, type HttpMatch, isHeaderName, type RuleMatch, type StringMatch } from '@meshwise/model';
import { claimPath, isClaim } from './claim-route.ts';
import { readClientMatch } from './client-match.ts';
import { readStringMatch, readValueMatch } from './string-match.ts';

type NamedMatch = HttpMatch['headers'][number];

/**
 * One entry of `match`; undefined when it has a condition that is not enforced: leaving out the condition would send
 * requests to where they do not belong.
 */
export function readHttpMatch(field: FieldReader): RuleMatch | undefined {
  const name = field.string('name');
  const statPrefix = field.string('statPrefix');
  const ignoresCase = field.boolean('ignoreUriCase') ?? false;
  const path = withCase(readPath(field), ignoresCase);
  const method = readCondition(field, 'method');
  const authority = readCondition(field, 'authority');
  const scheme = readCondition(field, 'scheme');
  const headers = readHeaderConditions(field, 'headers');
  const absent = readHeaderConditions(field, 'withoutHeaders');
  const queryParameters = readParameterConditions(field);
  const client = readClientMatch(field);
  const isUnknown = [path, method, authority, scheme, headers, absent, queryParameters].includes('refused');
  if (field.rest() || isUnknown || client === undefined) return undefined;
  const named = [...known(headers), ...known(absent).map((header) => ({ ...header, invert: true }))];
  const claims = named.flatMap(({ name: written, ...rest }) => {
    const way = claimPath(written);
    return way === undefined ? [] : [{ path: way, ...rest }];
  });
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(statPrefix === undefined || statPrefix === '' ? {} : { statPrefix }),
    http: {
      ...present({ path, method, authority, scheme }),
      headers: named.filter((header) => !isClaim(header.name)),
      queryParameters: known(queryParameters),
      ...(claims.length === 0 ? {} : { claims }),
    },
    ...(ignoresCase && !saysCase(path) ? { ignoresPathCase: true } : {}),
    ...client,
  };
}

function saysCase(path: Condition): boolean {
  return path !== undefined && path !== 'refused' && 'ignoreCase' in path;
}

type Condition = StringMatch | undefined | 'refused';

function readPath(field: FieldReader): Condition {
  const match = field.object('uri');
  if (match !== undefined) return readStringMatch(match);
  return field.has('uri') ? 'refused' : undefined;
}

/** Of what every request has: presence says nothing. */
function readCondition(field: FieldReader, name: string): Condition {
  if (!field.has(name)) return undefined;
  const match = field.object(name);
  const read = match === undefined ? 'refused' : readValueMatch(match);
  return read !== 'refused' && 'present' in read ? undefined : read;
}

type Named = readonly NamedMatch[] | 'refused';

/** A map from names to conditions; an empty condition asks only that the name is there. */
function readNamed(field: FieldReader, member: string): Named {
  const map = field.object(member);
  if (map === undefined) return field.has(member) ? 'refused' : [];
  const read = Object.keys(map.value as object).map((name): NamedMatch | 'refused' => {
    const condition = map.object(name);
    // Null is an empty condition in YAML (`x-user:`), as Kubernetes reads it.
    if (condition === undefined) return map.has(name) ? 'refused' : { name, match: { present: true } };
    const match = readValueMatch(condition);
    return match === 'refused' ? match : { name, match };
  });
  return read.some((entry) => entry === 'refused') ? 'refused' : read.filter((entry) => entry !== 'refused');
}

function readHeaderConditions(field: FieldReader, member: 'headers' | 'withoutHeaders'): Named {
  const read = readNamed(field, member);
  if (read === 'refused') return read;
  let isUnknown = false;
  for (const { name } of read) {
    if (isClaim(name)) {
      if (claimPath(name) !== undefined) continue;
      field.invalid(
        member,
        `'${name}' names no claim, as @request.auth.claims.group or @request.auth.claims[group] do`,
      );
    } else if (!isHeaderName(name) && !PSEUDO_HEADERS.includes(name)) field.invalid(member, `'${name}' is no header`);
    else continue;
    isUnknown = true;
  }
  return isUnknown ? 'refused' : read;
}

/** The most that a proxy takes for a name. */
const MAX_PARAMETER_BYTES = 1024;

function readParameterConditions(field: FieldReader): Named {
  const read = readNamed(field, 'queryParams');
  if (read === 'refused') return read;
  const wrong = read.find(({ name }) => name === '' || new TextEncoder().encode(name).byteLength > MAX_PARAMETER_BYTES);
  if (wrong === undefined) return read;
  field.invalid(
    'queryParams',
    wrong.name === '' ? 'has an empty name' : `has a name longer than ${MAX_PARAMETER_BYTES} bytes`,
  );
  return 'refused';
}

const PSEUDO_HEADERS: readonly string[] = [':method', ':authority', ':scheme', ':path'];

function withCase(path: Condition, ignoreCase: boolean): Condition {
  const isCased = path !== undefined && path !== 'refused' && ('exact' in path || 'prefix' in path);
  return isCased && ignoreCase ? { ...path, ignoreCase } : path;
}

function known(read: Named): readonly NamedMatch[] {
  return read === 'refused' ? [] : read;
}

function present(conditions: Readonly<Record<'path' | 'method' | 'authority' | 'scheme', Condition>>) {
  return Object.fromEntries(
    Object.entries(conditions).filter(([, condition]) => condition !== undefined && condition !== 'refused'),
  ) as {
    readonly [name in keyof typeof conditions]?: StringMatch;
  };
}
