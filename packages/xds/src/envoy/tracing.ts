import { create } from '@bufbuild/protobuf';
import type { TelemetryPlan, Tracing } from '@meshwise/model';
import { OpenTelemetryConfigSchema } from '../../gen/envoy/config/trace/v3/opentelemetry_pb.js';
import {
  ZipkinConfig_CollectorEndpointVersion as EndpointVersion,
  ZipkinConfigSchema,
} from '../../gen/envoy/config/trace/v3/zipkin_pb.js';
import {
  type HttpConnectionManager_Tracing,
  HttpConnectionManager_TracingSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { EnvironmentResourceDetectorConfigSchema } from '../../gen/envoy/extensions/tracers/opentelemetry/resource_detectors/v3/environment_resource_detector_pb.js';
import { type CustomTag, CustomTagSchema } from '../../gen/envoy/type/tracing/v3/custom_tag_pb.js';
import { grpcService, hostOf } from './collectors.ts';
import { memoise } from './memoise.ts';
import { durationOf, packed } from './packing.ts';

type Collector = NonNullable<Tracing['collector']>;

const EXPORT_TIMEOUT_MS = 10_000;

/**
 * Spans of a connection manager. Without a collector none: headers of a trace then pass through like any others.
 *
 * A proxy's name in a trace is its own: OpenTelemetry takes it from the environment of the proxy, Zipkin from its node, so
 * that proxies that share listeners need not share a name.
 */
export function tracing(telemetry: TelemetryPlan | undefined): HttpConnectionManager_Tracing | undefined {
  return telemetry?.tracing === undefined ? undefined : printed(telemetry.tracing);
}

const printed = memoise((plan: Tracing): HttpConnectionManager_Tracing | undefined => {
  if (plan.collector === undefined) return undefined;
  return create(HttpConnectionManager_TracingSchema, {
    // Of requests that are in no trace yet; one that is traced, or is said not to be, stays so.
    randomSampling: { value: plan.sampledPercent },
    clientSampling: { value: 100 },
    overallSampling: { value: 100 },
    customTags: plan.tags.map(customTag),
    ...(plan.maxTagLength === undefined ? {} : { maxPathTagLength: plan.maxTagLength }),
    provider: provider(plan.collector),
  });
});

function provider(collector: Collector) {
  if (collector.kind === 'zipkin') {
    return {
      name: 'envoy.tracers.zipkin',
      configType: {
        case: 'typedConfig' as const,
        value: packed(ZipkinConfigSchema, {
          collectorCluster: collector.cluster,
          collectorEndpoint: collector.path ?? '/api/v2/spans',
          collectorEndpointVersion: EndpointVersion.HTTP_JSON,
          collectorHostname: hostOf(collector.cluster),
          traceId128bit: true,
          sharedSpanContext: false,
        }),
      },
    };
  }
  return {
    name: 'envoy.tracers.opentelemetry',
    configType: {
      case: 'typedConfig' as const,
      value: packed(OpenTelemetryConfigSchema, {
        ...service(collector),
        resourceDetectors: [
          {
            name: 'envoy.tracers.opentelemetry.resource_detectors.environment',
            typedConfig: packed(EnvironmentResourceDetectorConfigSchema, {}),
          },
        ],
      }),
    },
  };
}

function service({ kind, cluster, path }: Collector) {
  if (kind === 'otlp-grpc') {
    return {
      grpcService: { ...grpcService(cluster), timeout: durationOf(EXPORT_TIMEOUT_MS) },
    };
  }
  return {
    httpService: {
      httpUri: {
        uri: `http://${hostOf(cluster)}${path ?? '/v1/traces'}`,
        httpUpstreamType: { case: 'cluster' as const, value: cluster },
        timeout: durationOf(EXPORT_TIMEOUT_MS),
      },
    },
  };
}

function customTag(tag: Tracing['tags'][number]): CustomTag {
  const { name } = tag;
  if ('literal' in tag)
    return create(CustomTagSchema, { tag: name, type: { case: 'literal', value: { value: tag.literal } } });
  const defaultValue = tag.defaultValue ?? '';
  if ('header' in tag) {
    return create(CustomTagSchema, {
      tag: name,
      type: { case: 'requestHeader', value: { name: tag.header, defaultValue } },
    });
  }
  return create(CustomTagSchema, {
    tag: name,
    type: { case: 'environment', value: { name: tag.environment, defaultValue } },
  });
}
