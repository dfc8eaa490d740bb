import { FieldReader, type Fragment, type GatewayClassItem, itemBase, type Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** gateway.networking.k8s.io GatewayClass. */
export function readGatewayClass(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const controllerName = spec?.string('controllerName') ?? '';
  // For whoever reads it.
  spec?.ignore('description');
  spec?.refuse('parametersRef');
  spec?.rest();
  root.rest();
  const item: GatewayClassItem = { ...itemBase(resource), kind: 'gateway-class', controllerName };
  return { items: [item], residues };
}
