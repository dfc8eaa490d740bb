import type { FieldReader } from '@meshwise/model';

/** What can stand in a host name or a pattern of one (RFC 1123, 2.1; Istio's `*.` before it). */
const HOST = /^[A-Za-z0-9*_.:-]{1,253}$/;

/** The hosts of a list that can be ones; the others are reported. `prefixed`: `namespace/host` is one too. */
export function readHosts(field: FieldReader, options: { readonly prefixed?: boolean } = {}): readonly string[] {
  const written = field.strings('hosts') ?? [];
  const hosts = written.filter((text) => HOST.test(options.prefixed === true ? text.replace(/^[^/]*\//, '') : text));
  if (hosts.length < written.length) field.invalid('hosts', 'has items that are no host names');
  return hosts;
}
