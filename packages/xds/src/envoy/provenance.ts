import { create } from '@bufbuild/protobuf';
import type { Origin } from '@meshwise/model';
import { type Metadata, MetadataSchema } from '../../gen/envoy/config/core/v3/base_pb.js';

/**
 * The resource behind a piece of configuration, where Istio's tools look for it (`filter_metadata.istio.config`), and
 * the field in a section of our own.
 */
export function originMetadata(origin: Origin): Metadata {
  const { group, kind, namespace, name } = origin.resource;
  const api = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const place = namespace === '' ? '' : `/namespaces/${namespace}`;
  const config = `${api}${place}/${kebabCase(kind)}/${name}`;
  return create(MetadataSchema, {
    filterMetadata: {
      istio: { config },
      ...(origin.field === undefined ? {} : { meshwise: { field: origin.field } }),
    },
  });
}

/** `HTTPRoute` → `http-route`, `VirtualService` → `virtual-service`. */
function kebabCase(kind: string): string {
  return kind.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3-$2').toLowerCase();
}
