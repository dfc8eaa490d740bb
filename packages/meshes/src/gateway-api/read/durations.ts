import type { FieldReader } from '@meshwise/model';
import { isGatewayDuration, parseDurationMs } from '@meshwise/resources';

/** A duration as GEP-2257 writes it; undefined when absent or, reported, when it is none. */
export function readGatewayDurationMs(field: FieldReader | undefined, name: string): number | undefined {
  const text = field?.string(name);
  if (text === undefined) return undefined;
  if (isGatewayDuration(text)) return parseDurationMs(text);
  field?.invalid(name, 'is not a duration such as 10s, 1h30m or 250ms');
  return undefined;
}
