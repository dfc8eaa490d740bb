/** The methods of the aggregated discovery service. */
import type { Variant } from '../view/shared-parts.ts';

const SERVICE = '/envoy.service.discovery.v3.AggregatedDiscoveryService';

export const DELTA_METHOD = `${SERVICE}/DeltaAggregatedResources`;
export const SOTW_METHOD = `${SERVICE}/StreamAggregatedResources`;

/** The variant that a method speaks; undefined for a method that is not served. */
export function variantOfMethod(path: string): Variant | undefined {
  if (path === DELTA_METHOD) return 'delta';
  return path === SOTW_METHOD ? 'sotw' : undefined;
}
