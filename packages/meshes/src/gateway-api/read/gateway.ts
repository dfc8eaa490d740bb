import { FieldReader, type Fragment, type GatewayItem, itemBase, type Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { type FrontendValidation, readFrontendValidation } from './frontend-validation.ts';
import { readListener } from './listener.ts';

/** Label of the proxies that are run for a Gateway (GEP-1762). */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** gateway.networking.k8s.io Gateway. A listener that cannot be served stays, with its problem, for its status. */
export function readK8sGateway(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const base = itemBase(resource);
  const frontend = readTls(spec?.object('tls'), base.namespace);
  const addresses = readAddresses(spec);
  const item: GatewayItem = {
    ...base,
    kind: 'gateway',
    className: spec?.string('gatewayClassName') ?? '',
    selector: { [GATEWAY_NAME]: base.name },
    servers: (spec?.list('listeners') ?? []).flatMap((field) => readListener(field, base.namespace, frontend) ?? []),
    ...(addresses.length === 0 ? {} : { addresses }),
  };
  readRest(spec);
  root.rest();
  return { items: [item], residues };
}

function readTls(field: FieldReader | undefined, namespace: string): FrontendValidation {
  const validation = readFrontendValidation(field?.object('frontend'), namespace);
  field?.refuse('backend');
  field?.rest();
  return validation;
}

function readAddresses(spec: FieldReader | undefined): NonNullable<GatewayItem['addresses']> {
  return (spec?.list('addresses') ?? []).map((field) => {
    const type = field.string('type') ?? 'IPAddress';
    const value = field.string('value') ?? '';
    field.rest();
    if (type !== 'Hostname') field.unsupported('type', `${type} cannot be chosen: the platform says where it listens`);
    return { type, value, origin: field.origin() };
  });
}

function readRest(spec: FieldReader | undefined): void {
  const infrastructure = spec?.object('infrastructure');
  // Labels and annotations are given to what is run for the Gateway, by whoever runs it.
  infrastructure?.ignore('labels', 'annotations').refuse('parametersRef');
  infrastructure?.rest();
  const namespaces = spec?.object('allowedListeners')?.object('namespaces');
  const from = namespaces?.string('from') ?? 'None';
  if (from !== 'None') namespaces?.unsupported('from', `${from} has no effect: ListenerSets are not known`);
  namespaces?.refuse('selector');
  namespaces?.rest();
  if ((spec?.string('defaultScope') ?? 'None') !== 'None')
    spec?.unsupported('defaultScope', 'has no effect: routes name their Gateways');
  spec?.rest();
}
