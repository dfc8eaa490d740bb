import type { BackendReference, FieldReader, ParentReference } from '@meshwise/model';
import { GATEWAY_API } from '@meshwise/resources';
import { PORTS, readWhole } from './numbers.ts';

interface ReferenceDefaults {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

/** A reference by group, kind, namespace and name; undefined, and reported, without a name. */
export function readReference(field: FieldReader, defaults: ReferenceDefaults): BackendReference | undefined {
  const name = field.string('name') ?? '';
  const reference = {
    group: field.string('group') ?? defaults.group,
    kind: field.string('kind') ?? defaults.kind,
    namespace: field.string('namespace') ?? defaults.namespace,
    name,
  };
  if (name !== '') return reference;
  field.invalid('name', 'is missing');
  return undefined;
}

/** `parentRefs` of a route: Gateways unless another kind is named. */
export function readParents(spec: FieldReader | undefined, namespace: string): readonly ParentReference[] {
  const defaultScope = spec?.string('useDefaultGateways') ?? 'None';
  if (defaultScope !== 'None') spec?.unsupported('useDefaultGateways', 'is not obeyed: no Gateway is a default one');
  return (spec?.list('parentRefs') ?? []).flatMap((field): readonly ParentReference[] => {
    const reference = readReference(field, { group: GATEWAY_API, kind: 'Gateway', namespace });
    const sectionName = field.string('sectionName') ?? '';
    const port = readWhole(field, 'port', PORTS);
    const isPortUnreadable = field.has('port') && port === undefined;
    field.rest();
    if (reference === undefined || isPortUnreadable) return [];
    return [
      {
        ...reference,
        ...(sectionName === '' ? {} : { sectionName }),
        ...(port === undefined ? {} : { port }),
        origin: field.origin(),
      },
    ];
  });
}
