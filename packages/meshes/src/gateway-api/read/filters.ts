import type {
  CorsPolicy,
  FieldReader,
  HeaderOperations,
  MirrorDestination,
  Rewrite,
  RuleAction,
} from '@meshwise/model';
import { readCors } from './cors.ts';
import { readHeaderModifier } from './header-modifier.ts';
import { readMirror } from './mirror.ts';
import { readRedirect } from './redirect.ts';
import { readRewrite } from './rewrite.ts';

/** What the filters of a rule or of a backend ask for. */
export interface Filters {
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
  readonly redirect?: Extract<RuleAction, { readonly kind: 'redirect' }>;
  readonly rewrite?: Rewrite;
  readonly cors?: CorsPolicy;
  readonly mirrors?: readonly MirrorDestination[];
}

interface FilterType {
  /** Where its settings are. */
  readonly member: string;
  /** Undefined, and reported, when it cannot be carried out as it is written. Absent: nothing of the type is. */
  readonly read?: (settings: FieldReader, namespace: string) => Filters | undefined;
}

const SHARED: Readonly<Record<string, FilterType>> = {
  RequestHeaderModifier: {
    member: 'requestHeaderModifier',
    read: (field) => ({ requestHeaders: readHeaderModifier(field, true) }),
  },
  ResponseHeaderModifier: {
    member: 'responseHeaderModifier',
    read: (field) => ({ responseHeaders: readHeaderModifier(field) }),
  },
  RequestMirror: {
    member: 'requestMirror',
    // A backend that makes no sense is left out: nobody waits for the copy.
    read: (field, namespace) => ({ mirrors: readMirror(field, namespace) }),
  },
  ExtensionRef: { member: 'extensionRef' },
};

export const GRPC_FILTERS = SHARED;
export const HTTP_FILTERS: Readonly<Record<string, FilterType>> = {
  ...SHARED,
  RequestRedirect: {
    member: 'requestRedirect',
    read: (field) => {
      const redirect = readRedirect(field);
      return redirect === undefined ? undefined : { redirect };
    },
  },
  URLRewrite: {
    member: 'urlRewrite',
    read: (field) => {
      const rewrite = readRewrite(field);
      return rewrite === undefined ? undefined : { rewrite };
    },
  },
  CORS: { member: 'cors', read: (field) => ({ cors: readCors(field) }) },
  ExternalAuth: { member: 'externalAuth' },
};

/**
 * `filters` of a rule or of a backend. 'refused' when one of them cannot be carried out: a filter must not be skipped,
 * requests are answered with an error instead (HTTPRouteFilter, `extensionRef`).
 */
export function readFilters(
  owner: FieldReader,
  namespace: string,
  types: Readonly<Record<string, FilterType>>,
): Filters | 'refused' {
  let isRefused = owner.has('filters') && !Array.isArray((owner.value as { readonly filters?: unknown }).filters);
  let merged: Filters = {};
  for (const field of owner.list('filters')) {
    const read = readFilter(field, namespace, types);
    if (read === undefined) {
      isRefused = true;
      continue;
    }
    const { mirrors: copies = [], ...rest } = read;
    const mirrors = [...(merged.mirrors ?? []), ...copies];
    if (Object.keys(rest).some((name) => name in merged)) {
      field.invalid(undefined, 'is a second filter of its type: the first holds');
    }
    merged = { ...rest, ...merged, ...(mirrors.length === 0 ? {} : { mirrors }) };
  }
  if (merged.redirect !== undefined && merged.rewrite !== undefined) {
    owner.invalid('filters', 'has RequestRedirect and URLRewrite, which exclude each other');
    isRefused = true;
  }
  return isRefused ? 'refused' : merged;
}

function readFilter(
  field: FieldReader,
  namespace: string,
  types: Readonly<Record<string, FilterType>>,
): Filters | undefined {
  const written = field.string('type') ?? '';
  const type = Object.hasOwn(types, written) ? types[written] : undefined;
  if (type === undefined) {
    field.invalid('type', `is none of ${Object.keys(types).join(', ')}: requests are answered with an error`);
    return undefined;
  }
  const settings = type.read === undefined ? undefined : field.object(type.member);
  if (settings === undefined) {
    if (type.read === undefined && field.has(type.member)) {
      field.ignore(type.member).unsupported(type.member, 'is not carried out: requests are answered with an error');
    } else field.invalid(type.member, 'is missing: requests are answered with an error');
  }
  field.rest();
  return settings === undefined ? undefined : type.read?.(settings, namespace);
}
