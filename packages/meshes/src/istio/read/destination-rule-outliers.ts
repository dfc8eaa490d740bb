import { defined, type FieldReader, type OutlierDetection } from '@meshwise/model';
import { MAX_COUNT } from './counts.ts';
import { readDurationMs, readWhole, readWholePercent } from './numbers.ts';

const COUNTS = { from: 0, to: MAX_COUNT };

/**
 * `outlierDetection`. What is absent is left to the proxy, whose defaults are those that Istio documents: five 5xx in a
 * row, looked at every 10 s, 30 s for the first ejection, a tenth of the endpoints at most.
 */
export function readOutlierDetection(field: FieldReader): OutlierDetection {
  if (field.has('consecutiveErrors'))
    field.unsupported('consecutiveErrors', 'has no effect in Istio any more: consecutive5xxErrors took its place');
  const splits = field.boolean('splitExternalLocalOriginErrors') === true;
  const localOrigin = readWhole(field, 'consecutiveLocalOriginFailures', COUNTS);
  if (!splits && (localOrigin ?? 0) > 0)
    field.invalid('consecutiveLocalOriginFailures', 'has no effect without splitExternalLocalOriginErrors');
  const outliers = defined({
    consecutive5xxErrors: readWhole(field, 'consecutive5xxErrors', COUNTS),
    consecutiveGatewayErrors: readWhole(field, 'consecutiveGatewayErrors', COUNTS),
    splitExternalLocalOriginErrors: splits ? true : undefined,
    consecutiveLocalOriginFailures: splits ? localOrigin || undefined : undefined,
    intervalMs: readDurationMs(field, 'interval', 1),
    baseEjectionTimeMs: readDurationMs(field, 'baseEjectionTime', 1),
    // Istio reads 0 as "not set" in these two, as in all numbers without a wrapper type.
    maxEjectionPercent: readWholePercent(field, 'maxEjectionPercent') || undefined,
    minHealthPercent: readWholePercent(field, 'minHealthPercent') || undefined,
  });
  field.ignore('consecutiveErrors').rest();
  return outliers;
}
