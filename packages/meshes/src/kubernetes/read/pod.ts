import {
  FieldReader,
  type Fragment,
  itemBase,
  labelledLocality,
  type Residue,
  type WorkloadItem,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Set at injection, by Istio and by our platform, on pods whose proxy takes mutual TLS. */
const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

/**
 * Who a pod is, and as an item of its own where it is while it is ready: most traffic goes where EndpointSlices say, and
 * what does not look at the status costs nothing when it changes.
 */
export function readPod(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const spec = FieldReader.of(resource, residues).object('spec');
  const labels = { ...resource.metadata.labels };
  const node = spec?.string('nodeName') || undefined;
  const locality = labelledLocality(labels);
  const namedPorts = spec === undefined ? {} : readNamedPorts(spec);
  const item: WorkloadItem = {
    ...itemBase(resource),
    kind: 'workload',
    labels,
    serviceAccount: spec?.string('serviceAccountName') || spec?.string('serviceAccount') || 'default',
    mutualTls: labels[TLS_MODE_LABEL] === 'istio',
    ...(Object.keys(namedPorts).length === 0 ? {} : { namedPorts }),
    ...(node === undefined ? {} : { node }),
    ...(locality === undefined ? {} : { locality }),
  };
  const address = readyAddress(resource);
  return { items: address === undefined ? [item] : [item, { ...item, address }], residues };
}

function readNamedPorts(spec: FieldReader): Readonly<Record<string, number>> {
  const ports = spec.list('containers').flatMap((container) => container.list('ports'));
  return Object.fromEntries(
    ports.flatMap((field) => {
      const [name, port] = [field.string('name') ?? '', field.number('containerPort')];
      return name === '' || port === undefined ? [] : [[name, port]];
    }),
  );
}

/** The address of a pod that may get traffic. */
function readyAddress(resource: Resource): string | undefined {
  const status = FieldReader.of(resource, []).object('status');
  const isReady = (status?.list('conditions') ?? []).some(
    (condition) => condition.string('type') === 'Ready' && condition.string('status') === 'True',
  );
  if (!isReady || resource.metadata.deletionTimestamp !== undefined) return undefined;
  return status?.string('podIP') || undefined;
}
