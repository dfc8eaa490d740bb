import { networking, trafficPolicy } from './policies.ts';

/** One step: something applied, or something of before taken away. */
export type Change = { readonly apply: string } | { readonly remove: { readonly kind: string; readonly name: string } };

/** mulberry32: small, seeded, and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const VERSIONS = { reviews: ['v1', 'v2', 'v3'], ratings: ['v1'], details: ['v1'] } as const;
type Name = keyof typeof VERSIONS;
const NAMES = Object.keys(VERSIONS) as Name[];

/**
 * Changes of BookInfo's configuration after which every page is still whole: destinations that exist, timeouts longer than
 * the programs are patient, limits that nobody reaches. What may change is who answers, by which way, and what is added.
 */
export function randomChange(random: () => number): Change {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const often = (share: number) => random() < share;
  const name = pick(NAMES);
  const kinds = [
    () => ['virtualservices', name, networking('VirtualService', name, virtualService(name, pick, often))] as const,
    () => ['destinationrules', name, networking('DestinationRule', name, destinationRule(name, pick, often))] as const,
    () => {
      const entry = `outside-${Math.floor(random() * 5)}`;
      return ['serviceentries', entry, networking('ServiceEntry', entry, serviceEntry(entry, pick))] as const;
    },
    () => ['trafficpolicies', name, trafficPolicy(name, policy(name, pick))] as const,
    () => ['sidecars', 'default', networking('Sidecar', 'default', sidecar(pick))] as const,
  ];
  const [kind, resource, text] = pick(kinds)();
  // Subsets stay, since routes name them.
  return often(0.2) && kind !== 'destinationrules' ? { remove: { kind, name: resource } } : { apply: text };
}

type Pick = <T>(list: readonly T[]) => T;

function virtualService(name: Name, pick: Pick, often: (share: number) => boolean) {
  const destination = () => ({ destination: { host: name, subset: pick<string>(VERSIONS[name]) } });
  const split = () => {
    const weight = pick([0, 1, 20, 50, 99, 100]);
    return [
      { ...destination(), weight },
      { ...destination(), weight: 100 - weight },
    ];
  };
  const rule = (conditions: object) => ({
    ...conditions,
    route: often(0.5) ? [destination()] : split(),
    ...(often(0.3) ? { timeout: pick(['20s', '30s', '60s']) } : {}),
    ...(often(0.3) ? { retries: { attempts: pick([0, 1, 3]), retryOn: 'connect-failure,refused-stream' } } : {}),
    ...(often(0.3) ? { headers: { request: { set: { 'x-step': pick(['a', 'b']) } } } } : {}),
    ...(often(0.2) ? { mirror: destination().destination, mirrorPercentage: { value: 10 } } : {}),
  });
  const conditions = [
    { match: [{ headers: { 'end-user': { exact: 'jason' } } }] },
    { match: [{ uri: { prefix: '/nowhere' } }, { queryParams: { test: { exact: '1' } } }] },
  ];
  return { hosts: [name], http: [...(often(0.5) ? [rule(pick(conditions))] : []), rule({})] };
}

function destinationRule(name: Name, pick: Pick, often: (share: number) => boolean) {
  const http = { http1MaxPendingRequests: 1_000, maxRequestsPerConnection: pick([0, 10, 100]) };
  return {
    host: name,
    subsets: VERSIONS[name].map((version) => ({ name: version, labels: { version } })),
    trafficPolicy: {
      loadBalancer: pick([{ simple: 'ROUND_ROBIN' }, { simple: 'RANDOM' }, { consistentHash: { useSourceIp: true } }]),
      ...(often(0.5) ? { connectionPool: { tcp: { maxConnections: pick([100, 1_000]) }, http } } : {}),
    },
  };
}

function serviceEntry(name: string, pick: Pick) {
  return {
    hosts: [`${name}.example`],
    location: 'MESH_EXTERNAL',
    ports: [{ number: pick([80, 8080]), name: 'http', protocol: 'HTTP' }],
    addresses: ['240.0.0.7'],
    ...pick<object>([{ resolution: 'STATIC', endpoints: [{ address: '127.0.0.99' }] }, { resolution: 'NONE' }]),
  };
}

function policy(name: Name, pick: Pick) {
  return {
    targetRefs: [{ kind: 'Service', name }],
    ...pick<object>([
      { deadline: '60s' },
      { rateLimit: { local: { requests: 100_000, per: '1s' } } },
      { rateLimit: { global: [{ name: 'all', requests: 1_000_000, per: '1s' }] } },
      { bulkhead: { maxRequests: 1_000 }, retryBudget: { percent: 50 } },
      { healthCheck: { tcp: {}, interval: '1s' } },
    ]),
  };
}

function sidecar(pick: Pick) {
  return { egress: [{ hosts: pick([['./*'], ['*/*'], ['./*', 'istio-system/*']]) }] };
}
