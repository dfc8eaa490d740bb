import { create } from '@bufbuild/protobuf';
import {
  type Filter,
  FilterSchema,
  type ListenerFilter,
  ListenerFilterSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { HttpInspectorSchema } from '../../gen/envoy/extensions/filters/listener/http_inspector/v3/http_inspector_pb.js';
import { TlsInspectorSchema } from '../../gen/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.js';
import { ConfigSchema } from '../../gen/envoy/extensions/filters/network/set_filter_state/v3/set_filter_state_pb.js';
import { durationOf, packed } from './packing.ts';
import { MESH_ALPN } from './tls.ts';

/**
 * What a listener can learn of a connection from its first bytes.
 *
 * A server that speaks first leaves nothing to look at. Its client waits for the time below, and then the connection is
 * passed on as bytes. The time is Istio's `protocolDetectionTimeout` as it was before it was switched off there: a
 * client that opens a connection and keeps it for later is not taken for one of those at once.
 */
export const DETECTION_TIMEOUT = durationOf(5_000);

/** Reads the server name and the protocols that a TLS client offers. Without it no filter chain can ask for TLS. */
export const TLS_INSPECTOR: ListenerFilter = create(ListenerFilterSchema, {
  name: 'envoy.filters.listener.tls_inspector',
  configType: { case: 'typedConfig', value: packed(TlsInspectorSchema, {}) },
});

/** Tells whether bytes that are not encrypted begin like HTTP. */
export const HTTP_INSPECTOR: ListenerFilter = create(ListenerFilterSchema, {
  name: 'envoy.filters.listener.http_inspector',
  configType: { case: 'typedConfig', value: packed(HttpInspectorSchema, {}) },
});

/** What the inspector calls HTTP. */
export const PLAIN_HTTP = {
  transportProtocol: 'raw_buffer',
  applicationProtocols: ['http/1.0', 'http/1.1', 'h2c'],
};

/**
 * Connections to a port without declared protocol say within mutual TLS whether they carry HTTP (see `CLIENT_ALPN`).
 * This one carries bytes: it offers the mesh's own name and no other.
 */
export const OFFERS_BYTES: Filter = create(FilterSchema, {
  name: 'envoy.filters.network.set_filter_state',
  configType: {
    case: 'typedConfig',
    value: packed(ConfigSchema, {
      onNewConnection: [
        {
          key: { case: 'objectKey', value: 'envoy.network.application_protocols' },
          value: {
            case: 'formatString',
            value: {
              format: { case: 'textFormatSource', value: { specifier: { case: 'inlineString', value: MESH_ALPN } } },
            },
          },
        },
      ],
    }),
  },
});
