import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import type { EnvoyResource } from '../envoy/resource.ts';
import { rulesOf } from '../types.ts';

/** Something whose content only an Envoy can judge. */
export type CheckUnit =
  /** RE2. */
  | { readonly kind: 'regex'; readonly pattern: string }
  /** RE2, with what takes the place of what it finds. */
  | { readonly kind: 'rewrite'; readonly pattern: string; readonly substitution: string }
  /** CEL, as a filter of an access log. */
  | { readonly kind: 'expression'; readonly text: string }
  | {
      readonly kind: 'resource';
      readonly resource: EnvoyResource;
      /** Clusters that it refers to and that are there; some filters are refused without. */
      readonly clusters: readonly string[];
    };

const contents = new WeakMap<EnvoyResource['message'], string>();

/** The same for the same content, whoever asks. */
export function unitKey(unit: CheckUnit): string {
  if (unit.kind !== 'resource') return JSON.stringify(unit);
  return `${contentHash(unit.resource)} ${unit.clusters.join(' ')}`;
}

function contentHash({ type, message }: EnvoyResource): string {
  const known = contents.get(message);
  if (known !== undefined) return known;
  const bytes = toBinary(rulesOf(type).schema, message);
  const hash = `${type} ${createHash('sha256').update(bytes).digest('base64url')}`;
  contents.set(message, hash);
  return hash;
}
