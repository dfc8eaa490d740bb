import { byAge } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { AccessLog, TelemetryPlan, Tracing } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { accessLogsOf } from './access-logging.ts';
import type { ResolveContext } from './context.ts';
import type { VariantSource } from './scope.ts';
import type { TelemetryProviders } from './telemetry-providers.ts';
import type { TelemetryItem, TelemetrySide } from './telemetry-side.ts';
import { tracingOf } from './tracing.ts';

export interface Telemetries {
  /** Which selective Telemetry holds for a proxy, if one does. */
  readonly variant: VariantSource;
  /** Name of the Telemetry that selects workloads with these labels; '' for none. */
  readonly selectedBy: (namespace: string, labels: Readonly<Record<string, string>>) => string;
  /** What a proxy reports of one side of its traffic; undefined for nothing. `selected` is the answer of `selectedBy`. */
  readonly planFor: Query<[side: TelemetrySide, namespace: string, selected: string], TelemetryPlan | undefined>;
}

/**
 * What proxies report, as Istio documents Telemetry: settings of the mesh, then the Telemetry of the root namespace, then
 * that of the namespace, then the one that selects the workload, the later ones on top. Of several of a kind the oldest holds.
 */
export function defineTelemetries(
  { engine, items, settings }: ResolveContext,
  providers: TelemetryProviders,
): Telemetries {
  const sorted = engine.query('telemetriesByAge', (namespace: string): readonly TelemetryItem[] =>
    [...items.list('telemetryByNamespace', namespace)].sort(byAge),
  );
  const wide = (namespace: string) => sorted(namespace).find(({ selector }) => selector === undefined);
  const selectedBy = (namespace: string, labels: Readonly<Record<string, string>>): string =>
    sorted(namespace).find(({ selector }) => selector !== undefined && selects(selector, labels))?.name ?? '';

  const layersOf = (namespace: string, selected: string): readonly TelemetryItem[] => {
    const own = sorted(namespace).find(({ name, selector }) => name === selected && selector !== undefined);
    const root = namespace === settings.rootNamespace ? undefined : wide(settings.rootNamespace);
    return [root, wide(namespace), own].filter((layer) => layer !== undefined);
  };

  const planFor = engine.query(
    'telemetryPlan',
    (side: TelemetrySide, namespace: string, selected: string): TelemetryPlan | undefined => {
      const layers = layersOf(namespace, selected);
      const mesh = items.list('meshSettings', '')[0];
      const accessLogs: readonly AccessLog[] = accessLogsOf(layers, side, mesh, providers, namespace);
      const tracing: Tracing | undefined = tracingOf(layers, side, mesh, providers, namespace);
      if (accessLogs.length === 0 && tracing === undefined) return undefined;
      return { accessLogs, ...(tracing === undefined ? {} : { tracing }) };
    },
  );

  return {
    variant: {
      key: 'telemetry',
      of: ({ role, namespace, labels }) => (role === 'node' ? '' : selectedBy(namespace, labels)),
    },
    selectedBy,
    planFor,
  };
}
