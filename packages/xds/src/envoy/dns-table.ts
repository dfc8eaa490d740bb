import { create } from '@bufbuild/protobuf';
import type { DnsRecord } from '@meshwise/model';
import {
  type ListenerFilter,
  ListenerFilterSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import {
  type DnsTable_DnsVirtualDomain,
  DnsTable_DnsVirtualDomainSchema,
} from '../../gen/envoy/data/dns/v3/dns_table_pb.js';
import { DnsFilterConfigSchema } from '../../gen/envoy/extensions/filters/udp/dns_filter/v3/dns_filter_pb.js';
import { memoise, memoisePair } from './memoise.ts';
import type { Outside } from './outside.ts';
import { durationOf, packed } from './packing.ts';
import { resolverAt } from './resolver.ts';

/** The shortest that Envoy allows; addresses of services do not change, those of headless ones do. */
const ANSWER_TTL_MS = 30_000;
/** The usual patience of programs (resolv.conf(5), `timeout`). */
const RESOLVER_TIMEOUT_MS = 5_000;
const MAX_PENDING_LOOKUPS = 256n;

/** Packed once for all proxies of a scope, though each carries it in a listener of its own. */
export const dnsFilter = memoisePair(
  (records: readonly DnsRecord[], { resolver }: Outside): ListenerFilter =>
    create(ListenerFilterSchema, {
      name: 'envoy.filters.udp.dns_filter',
      configType: {
        case: 'typedConfig',
        value: packed(DnsFilterConfigSchema, {
          statPrefix: 'dns',
          serverConfig: {
            configSource: {
              case: 'inlineDnsTable',
              value: { virtualDomains: records.flatMap((record) => virtualDomain(record)) },
            },
          },
          // Names of the outside are asked for there.
          ...(resolver === undefined
            ? {}
            : {
                clientConfig: {
                  resolverTimeout: durationOf(RESOLVER_TIMEOUT_MS),
                  typedDnsResolverConfig: resolverAt(resolver),
                  maxPendingLookups: MAX_PENDING_LOOKUPS,
                },
              }),
          // RFC 4343.
          caseInsensitive: true,
        }),
      },
    }),
);

const virtualDomain = memoise((record: DnsRecord): DnsTable_DnsVirtualDomain[] => {
  // Envoy refuses an empty list of addresses; a name without addresses is answered as unknown.
  if (record.addresses.length === 0) return [];
  return [
    create(DnsTable_DnsVirtualDomainSchema, {
      name: record.name,
      endpoint: { endpointConfig: { case: 'addressList', value: { address: [...record.addresses] } } },
      answerTtl: durationOf(ANSWER_TTL_MS),
    }),
  ];
});
