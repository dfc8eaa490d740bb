import type { ItemOf } from '../model/fragment.ts';
import type { Tracing } from '../plan.ts';
import type { TelemetryProviders } from './telemetry-providers.ts';
import { isAbout, type TelemetryItem, type TelemetrySide } from './telemetry-side.ts';

/** Istio's share of requests that are traced where nobody says another (PILOT_TRACE_SAMPLING). */
const DEFAULT_SAMPLED_PERCENT = 1;

/** The spans of one side: narrower layers replace what they mention. Undefined when nothing reports spans. */
export function tracingOf(
  layers: readonly TelemetryItem[],
  side: TelemetrySide,
  mesh: ItemOf<'mesh-settings'> | undefined,
  providers: TelemetryProviders,
  clientNamespace: string,
): Tracing | undefined {
  const all = layers.flatMap(({ tracing }) => tracing ?? []);
  const entries = all.filter(({ mode }) => isAbout(mode, side));
  const last = entries.at(-1);
  const origin = last?.origin ?? mesh?.origin;
  // Providers hold for both sides, whatever side the entry that names them is for (Istio).
  const names = all.findLast((entry) => entry.providers.length > 0)?.providers ?? mesh?.defaultProviders.tracing ?? [];
  const collector = collectorOf(names[0], providers, clientNamespace);
  const isDisabled =
    entries.findLast((entry) => entry.disableSpanReporting !== undefined)?.disableSpanReporting ?? false;
  if (origin === undefined || collector === undefined || isDisabled) return undefined;
  const { maxTagLength, ...rest } = collector;
  return {
    collector: rest,
    sampledPercent:
      entries.findLast((entry) => entry.randomSamplingPercentage !== undefined)?.randomSamplingPercentage ??
      mesh?.tracingSampledPercent ??
      DEFAULT_SAMPLED_PERCENT,
    tags: entries.findLast((entry) => entry.tags.length > 0)?.tags ?? [],
    ...(maxTagLength === undefined ? {} : { maxTagLength }),
    origin,
  };
}

type Reporting = NonNullable<Tracing['collector']> & { readonly maxTagLength?: number };

/** Istio reports to one collector: the first that is named. */
function collectorOf(
  name: string | undefined,
  providers: TelemetryProviders,
  clientNamespace: string,
): Reporting | undefined {
  const provider = name === undefined ? undefined : providers.named(name);
  if (provider?.kind !== 'otlp-traces' && provider?.kind !== 'zipkin') return undefined;
  const collector = providers.collectorOf(provider.host, provider.port, clientNamespace);
  if (collector === undefined) return undefined;
  const { path, maxTagLength } = provider;
  const kind = provider.kind === 'zipkin' ? 'zipkin' : path === undefined ? 'otlp-grpc' : 'otlp-http';
  return {
    kind,
    cluster: collector.cluster,
    ...(path === undefined ? {} : { path }),
    ...(maxTagLength === undefined ? {} : { maxTagLength }),
  };
}
