/**
 * Who is behind a request, by `x-forwarded-client-cert` (Envoy): one element for each proxy on the way, the latest last.
 *
 * The last one is about the question itself: its `URI` is the proxy that asks, its `By` is us. The one before is what that proxy
 * has seen of its caller. What stands further left came with the request and proves nothing.
 */
export interface Parties {
  /** SPIFFE id of whoever sent the request; absent for one without a certificate. */
  readonly source?: string;
  /** SPIFFE id of whoever got it, and asks. */
  readonly destination?: string;
}

/** `own` is how our SPIFFE id ends. A last element by somebody else is none of our sidecar's, and then nothing is believed. */
export function partiesOf(header: string | undefined, own: string): Parties {
  const elements = elementsOf(header ?? '');
  const [asker, caller] = elements.toReversed();
  const destination = asker?.get('uri');
  if (destination === undefined || asker?.get('by')?.endsWith(own) !== true) return {};
  const source = caller?.get('by') === destination ? caller.get('uri') : undefined;
  return { destination, ...(source === undefined ? {} : { source }) };
}

/** `By=a;URI=b;Subject="C=DE,O=x",By=…`: quoted values may have what separates others. */
function elementsOf(header: string): readonly ReadonlyMap<string, string>[] {
  const pair = /\s*([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^;,]*)([;,]|$)/y;
  const elements: Map<string, string>[] = [new Map()];
  while (pair.lastIndex < header.length) {
    const found = pair.exec(header);
    // Of a header that nobody can read, nothing is believed.
    if (found === null) return [];
    const [, name = '', value = '', end] = found;
    elements.at(-1)?.set(name.toLowerCase(), value.replace(/^"|"$/g, ''));
    if (end === ',') elements.push(new Map());
  }
  return elements;
}
