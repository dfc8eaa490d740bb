import type { FieldPath } from '../field-path.ts';
import { type Fields, isSet, type Report, ruleError } from './rule-fields.ts';

/** A Service is referred to by one of its ports (Gateway API, BackendObjectReference). */
export function checkBackend({ group = '', kind = 'Service', port }: Fields, path: FieldPath, report: Report): void {
  if (group === '' && kind === 'Service' && !isSet(port))
    report(ruleError([...path, 'port'], 'A reference to a Service needs this field', undefined, 'a port'));
}
