import { FieldReader, type Fragment, itemBase, type Residue, type WorkloadItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Set at injection, by Istio and by our platform, on pods whose proxy takes mutual TLS. */
const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

/**
 * Who a pod is. Its phase and addresses are not read: EndpointSlices say where traffic may go, and a fragment that
 * does not change with the status costs nothing when the status does.
 */
export function readPod(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const spec = FieldReader.of(resource, residues).object('spec');
  const labels = { ...resource.metadata.labels };
  const item: WorkloadItem = {
    ...itemBase(resource),
    kind: 'workload',
    labels,
    serviceAccount: spec?.string('serviceAccountName') || spec?.string('serviceAccount') || 'default',
    mutualTls: labels[TLS_MODE_LABEL] === 'istio',
  };
  return { items: [item], residues };
}
