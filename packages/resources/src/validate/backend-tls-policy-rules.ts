import { checkUnique, type Fields, fieldsAt, isSet, itemsAt, type Report, ruleError } from './rule-fields.ts';

/** Whom a BackendTLSPolicy trusts: one of both ways to say it, and names of the type that they say they are of. */
export function checkBackendTlsPolicy(spec: Fields, report: Report): void {
  const path = ['spec', 'validation'];
  const validation = fieldsAt(spec, 'validation');
  const { caCertificateRefs, wellKnownCACertificates, hostname } = validation;
  const hasReferences = Array.isArray(caCertificateRefs) && caCertificateRefs.length > 0;
  const either = 'one of caCertificateRefs, wellKnownCACertificates';
  if (hasReferences && isSet(wellKnownCACertificates))
    report(ruleError([...path, 'wellKnownCACertificates'], 'These fields exclude each other', 'both', either));
  if (!hasReferences && !isSet(wellKnownCACertificates)) report(ruleError(path, 'A field is missing', 'none', either));
  if (!isSet(hostname))
    report(ruleError([...path, 'hostname'], 'A required field is missing', undefined, 'a host name'));
  for (const [name, at] of itemsAt(validation, 'subjectAltNames', path)) {
    const [wanted, other] = name['type'] === 'URI' ? ['uri', 'hostname'] : ['hostname', 'uri'];
    if (!isSet(name[wanted]))
      report(ruleError([...at, wanted], `The type ${name['type']} needs this field`, undefined, 'a name'));
    if (isSet(name[other]))
      report(ruleError([...at, other], `The type ${name['type']} has no such field`, name[other], 'nothing'));
  }
  checkUnique(
    itemsAt(spec, 'targetRefs', ['spec']),
    ({ group, kind, name, sectionName = '' }) => `${group} ${kind} ${name} ${sectionName}`.trim(),
    'Another reference has this target',
    report,
  );
}
