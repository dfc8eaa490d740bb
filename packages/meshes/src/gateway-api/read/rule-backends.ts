import type { Destination, FieldReader, HeaderOperations, Rewrite } from '@meshwise/model';
import { readBackend, readWeight } from './backends.ts';
import { type Filters, readFilters } from './filters.ts';
import type { RouteDialect } from './route-rule.ts';

export interface RuleBackends {
  readonly destinations: readonly Destination[];
  /** What the filters of the only backend say that concerns the whole rule. */
  readonly ofOnly?: Omit<Filters, 'requestHeaders' | 'responseHeaders'>;
}

/** `backendRefs` of a rule with their filters. */
export function readRuleBackends(rule: FieldReader, dialect: RouteDialect, namespace: string): RuleBackends {
  const fields = rule.list('backendRefs');
  const isOnly = fields.length === 1;
  const read = fields.map((field) => readOne(field, dialect, namespace, isOnly));
  const [first] = read;
  return {
    destinations: read.map(({ destination }) => destination),
    ...(isOnly && first?.ofRule !== undefined ? { ofOnly: first.ofRule } : {}),
  };
}

interface Read {
  readonly destination: Destination;
  readonly ofRule?: RuleBackends['ofOnly'];
}

function readOne(field: FieldReader, dialect: RouteDialect, namespace: string, isOnly: boolean): Read {
  const target = readBackend(field, namespace);
  const weight = readWeight(field);
  const filters = readFilters(field, namespace, dialect.filters);
  const isBeyond = filters !== 'refused' && !isOnly && concernsRule(field, filters);
  field.rest();
  if (target === undefined || filters === 'refused' || isBeyond) {
    const host = target?.host ?? '';
    return { destination: { host, ...target, weight, refusesWith: dialect.refusal, origin: field.origin() } };
  }
  const { requestHeaders, responseHeaders, rewrite, ...others } = filters;
  const { authority, ...path } = rewrite ?? {};
  const headers = authority === undefined ? requestHeaders : withHost(requestHeaders, authority);
  return {
    destination: {
      ...target,
      weight,
      ...(headers === undefined ? {} : { requestHeaders: headers }),
      ...(responseHeaders === undefined ? {} : { responseHeaders }),
    },
    ofRule: { ...others, ...(Object.keys(path).length === 0 ? {} : { rewrite: path as Rewrite }) },
  };
}

function withHost(headers: HeaderOperations | undefined, host: string): HeaderOperations {
  return { set: { ...headers?.set, host }, add: headers?.add ?? {}, remove: headers?.remove ?? [] };
}

/** Of a share of the requests a proxy can change headers and the host, and nothing else. */
function concernsRule(field: FieldReader, { redirect, rewrite, mirrors, cors }: Filters): boolean {
  const found = [
    redirect === undefined ? [] : ['RequestRedirect'],
    rewrite?.path === undefined && rewrite?.pathRegex === undefined ? [] : ['URLRewrite of a path'],
    mirrors === undefined ? [] : ['RequestMirror'],
    cors === undefined ? [] : ['CORS'],
  ].flat();
  if (found.length === 0) return false;
  field.unsupported(
    'filters',
    `has ${found.join(' and ')}, which is carried out where there is no other backend: this one's share is answered with an error`,
  );
  return true;
}
