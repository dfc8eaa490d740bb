import type { ItemOf } from '../model/fragment.ts';
import type { TelemetryMode } from '../model/telemetry.ts';

export type TelemetryItem = ItemOf<'telemetry'>;
/** Of a request: who sends it, or who answers it. Gateways are clients of what they send to. */
export type TelemetrySide = 'client' | 'server';

/** Whether an entry is about this side. */
export function isAbout(mode: TelemetryMode, side: TelemetrySide): boolean {
  return mode === 'client-and-server' || mode === side;
}
