import type { Any } from '@bufbuild/protobuf/wkt';
import type { Protocol } from '@meshwise/model';
import { HttpProtocolOptionsSchema } from '../../gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { packed } from './packing.ts';
import type { Transport } from './tls.ts';

export function transportOf(protocol: Protocol): Transport {
  switch (protocol) {
    case 'http':
      return 'http';
    case 'http2':
    case 'grpc':
      return 'http2';
    case 'tcp':
    case 'tls':
    case 'auto':
      return 'tcp';
  }
}

const HTTP2_OPTIONS = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': packed(HttpProtocolOptionsSchema, {
    upstreamProtocolOptions: {
      case: 'explicitHttpConfig',
      value: { protocolConfig: { case: 'http2ProtocolOptions', value: {} } },
    },
  }),
};

/** HTTP/1.1 is what Envoy speaks when told nothing. */
export function httpOptions(protocol: Protocol): { [name: string]: Any } {
  return transportOf(protocol) === 'http2' ? HTTP2_OPTIONS : {};
}
