import { create } from '@bufbuild/protobuf';
import type { OutlierDetection as OutlierPlan } from '@meshwise/model';
import {
  type OutlierDetection,
  OutlierDetectionSchema,
} from '../../gen/envoy/config/cluster/v3/outlier_detection_pb.js';
import { durationOf } from './packing.ts';

/** Zero switches a detector off; what is unset has Envoy's default. */
const enforcing = (count: number) => (count > 0 ? 100 : 0);

/** Passive health checks. Nothing is compared between endpoints: only what the Plan counts ejects one, as with Istio. */
export function outlierDetection(plan: OutlierPlan): OutlierDetection {
  const { consecutive5xxErrors, consecutiveGatewayErrors, consecutiveLocalOriginFailures, intervalMs } = plan;
  const { baseEjectionTimeMs, maxEjectionPercent } = plan;
  return create(OutlierDetectionSchema, {
    enforcingSuccessRate: 0,
    ...(consecutive5xxErrors === undefined
      ? {}
      : { consecutive5xx: consecutive5xxErrors, enforcingConsecutive5xx: enforcing(consecutive5xxErrors) }),
    ...(consecutiveGatewayErrors === undefined
      ? {}
      : {
          consecutiveGatewayFailure: consecutiveGatewayErrors,
          enforcingConsecutiveGatewayFailure: enforcing(consecutiveGatewayErrors),
        }),
    ...(plan.splitExternalLocalOriginErrors === true
      ? { splitExternalLocalOriginErrors: true, enforcingLocalOriginSuccessRate: 0 }
      : {}),
    ...(consecutiveLocalOriginFailures === undefined
      ? {}
      : {
          consecutiveLocalOriginFailure: consecutiveLocalOriginFailures,
          enforcingConsecutiveLocalOriginFailure: enforcing(consecutiveLocalOriginFailures),
        }),
    ...(intervalMs === undefined ? {} : { interval: durationOf(intervalMs) }),
    ...(baseEjectionTimeMs === undefined ? {} : { baseEjectionTime: durationOf(baseEjectionTimeMs) }),
    ...(maxEjectionPercent === undefined ? {} : { maxEjectionPercent }),
  });
}
