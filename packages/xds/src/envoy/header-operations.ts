import { create } from '@bufbuild/protobuf';
import { type HeaderOperations, splitVariables } from '@meshwise/model';
import {
  HeaderValueOption_HeaderAppendAction as Append,
  type HeaderValueOption,
  HeaderValueOptionSchema,
} from '../../gen/envoy/config/core/v3/base_pb.js';

/** A percent sign that begins no variable would make Envoy refuse the whole route configuration. */
export function escapePercent(value: string): string {
  return splitVariables(value)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('%', '%%')))
    .join('');
}

/** Host is not a header to Envoy but the authority, which only a rewrite may change. */
const isAuthority = (name: string): boolean => /^(?::authority|host)$/i.test(name);

export function authorityOf(operations: HeaderOperations | undefined): string | undefined {
  const written = [...Object.entries(operations?.set ?? {}), ...Object.entries(operations?.add ?? {})];
  return written.find(([name]) => isAuthority(name))?.[1];
}

export function headersToAdd(operations: HeaderOperations | undefined): HeaderValueOption[] {
  if (operations === undefined) return [];
  return [
    ...options(operations.set, Append.OVERWRITE_IF_EXISTS_OR_ADD),
    ...options(operations.add, Append.APPEND_IF_EXISTS_OR_ADD),
  ];
}

export function headersToRemove(operations: HeaderOperations | undefined): string[] {
  return (operations?.remove ?? []).filter((name) => !isAuthority(name) && !name.startsWith(':'));
}

function options(headers: Readonly<Record<string, string>>, appendAction: Append): HeaderValueOption[] {
  return Object.entries(headers)
    .filter(([name]) => !isAuthority(name) && !name.startsWith(':'))
    .map(([key, value]) =>
      create(HeaderValueOptionSchema, {
        header: { key, value: escapePercent(value) },
        appendAction,
        // An empty value is a header that is there and empty, as Kubernetes means it.
        keepEmptyValue: value === '',
      }),
    );
}
