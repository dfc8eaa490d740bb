/** The service definition. Messages pass as bytes: responses are shared and never encoded per call. */
import type { ServiceDefinition } from '@grpc/grpc-js';

const asIs = (bytes: Buffer): Buffer => bytes;

const streaming = (method: string) => ({
  path: `/envoy.service.discovery.v3.AggregatedDiscoveryService/${method}`,
  requestStream: true as const,
  responseStream: true as const,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});

export const ADS_SERVICE = {
  DeltaAggregatedResources: streaming('DeltaAggregatedResources'),
  StreamAggregatedResources: streaming('StreamAggregatedResources'),
} satisfies ServiceDefinition;
