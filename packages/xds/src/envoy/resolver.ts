import { create } from '@bufbuild/protobuf';
import { type TypedExtensionConfig, TypedExtensionConfigSchema } from '../../gen/envoy/config/core/v3/extension_pb.js';
import { CaresDnsResolverConfigSchema } from '../../gen/envoy/extensions/network/dns_resolver/cares/v3/cares_dns_resolver_pb.js';
import { socketAddress } from './address.ts';
import type { Outside } from './outside.ts';
import { packed } from './packing.ts';

/** A resolver that asks this server and no other, and takes names as they are. */
export function resolverAt({ address, port }: NonNullable<Outside['resolver']>): TypedExtensionConfig {
  return create(TypedExtensionConfigSchema, {
    name: 'envoy.network.dns_resolver.cares',
    typedConfig: packed(CaresDnsResolverConfigSchema, {
      resolvers: [socketAddress(address, port, { udp: true })],
      dnsResolverOptions: { noDefaultSearchDomain: true },
    }),
  });
}
