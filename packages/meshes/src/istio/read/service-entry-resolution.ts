import type { FieldReader } from '@meshwise/model';

export type Resolution = 'NONE' | 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN' | 'DYNAMIC_DNS';

const resolutions: readonly string[] = ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'];

/** `resolution` with what Istio's validation asks of the fields around it. Undefined, and reported, when nothing can be made of it. */
export function readResolution(spec: FieldReader, hosts: readonly string[]): Resolution | undefined {
  const written = spec.string('resolution') ?? 'NONE';
  if (!isResolution(written)) {
    spec.invalid('resolution', `is none of ${resolutions.join(', ')}`);
    return undefined;
  }
  const hasEndpoints = spec.has('endpoints') || spec.has('workloadSelector');
  if ((written === 'DNS' || written === 'DNS_ROUND_ROBIN') && !hasEndpoints && hosts.some(isPattern)) {
    spec.invalid('hosts', `need no pattern with resolution ${written} and no endpoints: there is no name to resolve`);
    return undefined;
  }
  return written;
}

function isResolution(text: string): text is Resolution {
  return resolutions.includes(text);
}

function isPattern(host: string): boolean {
  return host.startsWith('*');
}
