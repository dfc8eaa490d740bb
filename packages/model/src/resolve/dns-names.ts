import type { DnsRecord } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { Endpoints } from './endpoints.ts';
import { hostOfKey } from './service-key.ts';

export interface Names {
  /** What names of services resolve to for workloads of a namespace: what is visible there, whatever a Sidecar leaves out. */
  readonly for: Query<[namespace: string], readonly DnsRecord[]>;
  readonly of: Query<[key: string], readonly DnsRecord[]>;
}

export function defineNames({ engine, services }: ResolveContext, endpoints: Endpoints): Names {
  const of = engine.query('dnsOfService', (key: string): readonly DnsRecord[] => {
    const service = services.of(key);
    const host = hostOfKey(key);
    const addresses = service?.clusterIps ?? [];
    if (addresses.length > 0) return [{ name: host, addresses }];
    // Names that are not the mesh's own and have no address here are resolved where everybody else resolves them.
    if (service?.host !== undefined) return [];
    return endpoints
      .namesOf(key)
      .map((record) => ({ name: record.name === '' ? host : `${record.name}.${host}`, addresses: record.addresses }));
  });
  const all = engine.query('dns', (namespace: string): readonly DnsRecord[] =>
    services.hosts().flatMap((host) => {
      const key = services.varies(host) ? services.keyFor(host, namespace) : host;
      return key === '' ? [] : of(key);
    }),
  );
  // One table for everybody as long as everybody sees the same: it is long.
  const differ = engine.query('namesDiffer', () => services.hosts().some((host) => services.varies(host)));
  return { for: engine.query('dnsFor', (namespace: string) => all(differ() ? namespace : '')), of };
}
