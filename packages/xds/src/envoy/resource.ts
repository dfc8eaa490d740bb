import { create, type Message } from '@bufbuild/protobuf';
import { ApiVersion, type ConfigSource, ConfigSourceSchema } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import type { XdsType } from '../types.ts';

/**
 * One xDS resource. Printers give back the same object for the same plan item, so that whoever publishes it sees by
 * identity that nothing changed and neither encodes nor compares.
 */
export interface EnvoyResource {
  readonly type: XdsType;
  readonly name: string;
  readonly message: Message;
}

/** "Ask for it on the stream you already have", for every kind of reference. */
export const ADS: ConfigSource = create(ConfigSourceSchema, {
  configSourceSpecifier: { case: 'ads', value: {} },
  resourceApiVersion: ApiVersion.V3,
  // Zero: wait as long as it takes. Envoy's default is to give up after 15 s and start a listener without its secret.
  initialFetchTimeout: { seconds: 0n, nanos: 0 },
});
