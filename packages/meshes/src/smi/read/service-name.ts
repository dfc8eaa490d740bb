import type { FieldReader } from '@meshwise/model';

/**
 * The member as a Service of the namespace, which may be written by its name, as `name.namespace` or in full; undefined, and
 * reported, for anything else. Whoever may write to one namespace does not move the traffic of another.
 */
export function readServiceName(field: FieldReader, name: string, namespace: string): string | undefined {
  const written = field.string(name) ?? '';
  if (written === '') {
    field.invalid(name, 'is missing');
    return undefined;
  }
  const [service = '', itsNamespace = namespace, svc = 'svc'] = written.toLowerCase().split('.');
  if (itsNamespace === namespace && svc === 'svc') return service;
  field.invalid(name, `${written} is no Service of the namespace ${namespace}, and has no effect`);
  return undefined;
}
