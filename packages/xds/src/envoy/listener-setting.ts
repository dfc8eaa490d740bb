import type { PathNormalization, TelemetryPlan } from '@meshwise/model';
import { memoise, memoisePair } from './memoise.ts';
import type { Outside } from './outside.ts';
import { memoiseByPaths } from './path-options.ts';
import type { UnknownPolicy } from './unknown-destinations.ts';

/** What the outbound listeners of a scope have in common. */
export interface ListenerSetting {
  readonly unknown: UnknownPolicy;
  readonly telemetry: TelemetryPlan | undefined;
  readonly outside: Outside;
  readonly pathNormalization?: PathNormalization | undefined;
}

/** Nothing is reported, as an object to remember by. */
export const NO_TELEMETRY: TelemetryPlan = { accessLogs: [] };

/** Remembers by the objects of a setting what was printed for it: scopes that differ in nothing share it. */
export function memoiseBySetting<Printed>(
  print: (setting: ListenerSetting) => Printed,
): (setting: ListenerSetting) => Printed {
  const byUnknown = memoise((unknown: UnknownPolicy) =>
    memoisePair((outside: Outside, telemetry: TelemetryPlan) =>
      memoiseByPaths((pathNormalization) =>
        print({ unknown, outside, telemetry: telemetry === NO_TELEMETRY ? undefined : telemetry, pathNormalization }),
      ),
    ),
  );
  return ({ unknown, outside, telemetry, pathNormalization }) =>
    byUnknown(unknown)(outside, telemetry ?? NO_TELEMETRY)(pathNormalization);
}
