import { type BackendTlsItem, FieldReader, type Fragment, itemBase, type Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readReference } from './references.ts';

/**
 * gateway.networking.k8s.io BackendTLSPolicy. What cannot be read of its validation trusts nobody, rather than going on
 * without encryption.
 */
export function readBackendTlsPolicy(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const validation = spec?.object('validation');
  const base = itemBase(resource);
  const item: BackendTlsItem = {
    ...base,
    kind: 'backend-tls',
    targets: (spec?.list('targetRefs') ?? []).flatMap((field) => readTarget(field, base.namespace)),
    hostname: readHostname(validation),
    ...readValidation(validation, base.namespace),
  };
  if (spec !== undefined && validation === undefined) spec.invalid('validation', 'is missing: nobody is trusted');
  spec?.refuse('options');
  validation?.rest();
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

function readTarget(field: FieldReader, namespace: string): BackendTlsItem['targets'] {
  const reference = readReference(field, { group: '', kind: '', namespace });
  const sectionName = field.string('sectionName') ?? '';
  field.rest();
  if (reference === undefined) return [];
  const { group, kind, name } = reference;
  return [{ group, kind, name, ...(sectionName === '' ? {} : { sectionName }), origin: field.origin() }];
}

function readHostname(validation: FieldReader | undefined): string {
  const hostname = validation?.string('hostname') ?? '';
  if (hostname === '') validation?.invalid('hostname', 'is missing');
  return hostname;
}

function readValidation(
  validation: FieldReader | undefined,
  namespace: string,
): Pick<BackendTlsItem, 'authorities' | 'subjectAltNames'> {
  const authorities = readAuthorities(validation, namespace);
  const names = (validation?.list('subjectAltNames') ?? []).map(readSubjectAltName);
  const subjectAltNames = names.filter((name) => name !== '');
  // With fewer names than are meant, or none, others would do.
  return { authorities: subjectAltNames.length < names.length ? [] : authorities, subjectAltNames };
}

function readAuthorities(validation: FieldReader | undefined, namespace: string): BackendTlsItem['authorities'] {
  const known = validation?.string('wellKnownCACertificates') ?? '';
  const references = (validation?.list('caCertificateRefs') ?? []).flatMap((field) => {
    const reference = readReference(field, { group: '', kind: '', namespace });
    field.rest();
    if (reference === undefined) return [];
    const { group, kind, name } = reference;
    return [{ group, kind, name, origin: field.origin() }];
  });
  if (known !== '' && validation?.has('caCertificateRefs') === true)
    validation.invalid('wellKnownCACertificates', 'has no effect beside caCertificateRefs');
  else if (known === 'System') return 'system';
  else if (known !== '') validation?.unsupported('wellKnownCACertificates', 'is not System: nobody is trusted');
  else if (references.length === 0) validation?.invalid('caCertificateRefs', 'names nobody: nobody is trusted');
  return references;
}

/** Empty, and reported, when it cannot be read. */
function readSubjectAltName(field: FieldReader): string {
  const type = field.string('type');
  const hostname = field.string('hostname') ?? '';
  const uri = field.string('uri') ?? '';
  field.rest();
  const name = type === 'Hostname' ? hostname : type === 'URI' ? uri : '';
  if (name === '') field.invalid(undefined, 'needs the type Hostname or URI, and a name of it: nobody is trusted');
  return name;
}
