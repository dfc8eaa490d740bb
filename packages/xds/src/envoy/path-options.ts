import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PathNormalization } from '@meshwise/model';
import {
  HttpConnectionManager_PathWithEscapedSlashesAction as EscapedSlashes,
  type HttpConnectionManagerSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';

type PathOptions = Pick<
  MessageInitShape<typeof HttpConnectionManagerSchema>,
  'normalizePath' | 'mergeSlashes' | 'pathWithEscapedSlashesAction'
>;

/** What Istio's `pathNormalization` is in Envoy (HttpConnectionManager). */
export function pathOptions(normalization: PathNormalization | undefined): PathOptions {
  return {
    normalizePath: normalization !== 'none',
    mergeSlashes: normalization === 'merge-slashes' || normalization === 'decode-and-merge-slashes',
    // Not with a redirect, which would send whoever asked to a path that he did not ask for.
    pathWithEscapedSlashesAction:
      normalization === 'decode-and-merge-slashes'
        ? EscapedSlashes.UNESCAPE_AND_FORWARD
        : EscapedSlashes.KEEP_UNCHANGED,
  };
}

/** Remembers what was printed for each way to read paths, of which there are few. */
export function memoiseByPaths<Printed>(
  print: (normalization: PathNormalization | undefined) => Printed,
): (normalization: PathNormalization | undefined) => Printed {
  const known = new Map<PathNormalization | undefined, Printed>();
  return (normalization) => {
    const printed = known.get(normalization) ?? print(normalization);
    known.set(normalization, printed);
    return printed;
  };
}
