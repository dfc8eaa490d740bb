import type { BackendReference, FieldReader, Origin, ServerTls } from '@meshwise/model';
import { PORTS, readWhole } from './numbers.ts';
import { readReference } from './references.ts';

type Reference = BackendReference & { readonly origin: Origin };

/** Which certificates clients have to show, at the ports where it is said and at the others. */
export interface FrontendValidation {
  readonly byDefault?: ClientValidation;
  readonly byPort: ReadonlyMap<number, ClientValidation | undefined>;
}

export interface ClientValidation {
  readonly clientCertificate: ServerTls['clientCertificate'];
  readonly authorities: readonly Reference[];
}

/** `tls.frontend` of a Gateway (GEP-91). */
export function readFrontendValidation(field: FieldReader | undefined, namespace: string): FrontendValidation {
  const byDefault = readValidation(field?.object('default'), namespace);
  const byPort = new Map<number, ClientValidation | undefined>();
  for (const entry of field?.list('perPort') ?? []) {
    const port = readWhole(entry, 'port', PORTS);
    const validation = readValidation(entry.object('tls'), namespace);
    entry.rest();
    if (port !== undefined && !byPort.has(port)) byPort.set(port, validation);
  }
  field?.rest();
  return { ...(byDefault === undefined ? {} : { byDefault }), byPort };
}

function readValidation(owner: FieldReader | undefined, namespace: string): ClientValidation | undefined {
  const field = owner?.object('validation');
  const authorities = (field?.list('caCertificateRefs') ?? []).flatMap((entry): readonly Reference[] => {
    const reference = readReference(entry, { group: '', kind: 'ConfigMap', namespace });
    entry.rest();
    return reference === undefined ? [] : [{ ...reference, origin: entry.origin() }];
  });
  const mode = field?.string('mode') ?? 'AllowValidOnly';
  if (mode === 'AllowInsecureFallback')
    field?.unsupported(
      'mode',
      'AllowInsecureFallback lets in clients without a certificate, and not those with a wrong one',
    );
  else if (mode !== 'AllowValidOnly') field?.invalid('mode', 'is neither AllowValidOnly nor AllowInsecureFallback');
  field?.rest();
  owner?.rest();
  if (field === undefined) return undefined;
  return { clientCertificate: mode === 'AllowInsecureFallback' ? 'optional' : 'mutual', authorities };
}
