import type { FieldPath } from '../field-path.ts';
import { checkUnique, type Fields, fieldsAt, isFields, isSet, itemsAt, type Report, ruleError } from './rule-fields.ts';

const WITHOUT_TLS: readonly unknown[] = ['HTTP', 'TCP', 'UDP'];
const WITHOUT_HOSTS: readonly unknown[] = ['TCP', 'UDP'];

/** Listeners of a Gateway of the Gateway API that contradict themselves or one another. */
export function checkGatewayListeners(spec: Fields, report: Report): void {
  const listeners = itemsAt(spec, 'listeners', ['spec']);
  if (Array.isArray(spec['listeners']) && listeners.length === 0)
    report(ruleError(['spec', 'listeners'], 'A Gateway needs a listener', 'none', 'at least one'));
  for (const [listener, path] of listeners) checkListener(listener, path, report);
  checkUnique(
    listeners,
    ({ port, protocol, hostname }) => `${port} ${protocol} ${hostname ?? ''}`.trimEnd(),
    'Another listener has this port, protocol and hostname',
    report,
  );
  checkUnique(
    itemsAt(spec, 'addresses', ['spec']),
    ({ type = 'IPAddress', value }) => (isSet(value) ? `${type} ${value}` : undefined),
    'Another address is the same',
    report,
  );
}

function checkListener({ protocol, hostname, tls }: Fields, path: FieldPath, report: Report): void {
  if (WITHOUT_HOSTS.includes(protocol) && isSet(hostname))
    report(ruleError([...path, 'hostname'], `${protocol} has no host names`, hostname, 'nothing'));
  if (!isFields(tls)) {
    if (protocol === 'TLS' || protocol === 'HTTPS')
      report(ruleError([...path, 'tls'], `A listener of ${protocol} needs this field`, undefined, 'an object'));
    return;
  }
  if (WITHOUT_TLS.includes(protocol)) {
    report(ruleError([...path, 'tls'], `${protocol} has no TLS`, 'an object', 'nothing'));
    return;
  }
  checkTls(protocol, tls, [...path, 'tls'], report);
}

function checkTls(protocol: unknown, tls: Fields, path: FieldPath, report: Report): void {
  const { mode = 'Terminate', certificateRefs } = tls;
  if (protocol === 'HTTPS' && mode !== 'Terminate')
    report(ruleError([...path, 'mode'], 'HTTPS ends at its listener', mode, 'Terminate'));
  if (protocol === 'TLS' && !isSet(tls['mode']))
    report(ruleError([...path, 'mode'], 'A listener of TLS needs this field', undefined, 'Terminate or Passthrough'));
  const hasCertificates = Array.isArray(certificateRefs) && certificateRefs.length > 0;
  if (mode === 'Terminate' && !hasCertificates && Object.keys(fieldsAt(tls, 'options')).length === 0)
    report(ruleError([...path, 'certificateRefs'], 'TLS needs certificates to end', undefined, 'at least one'));
}
