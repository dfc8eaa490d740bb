import { Type } from 'typebox';
import { WorkloadSelectorSchema } from './istio-common.ts';
import { allOptional, atMostOne, Duration, exactlyOne, type TypeOf } from './schema.ts';

const ProviderRef = Type.Object({ name: Type.String({ minLength: 1 }) });
const Mode = Type.Enum(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);

const AccessLoggingSchema = allOptional({
  match: allOptional({ mode: Mode }),
  providers: Type.Array(ProviderRef),
  disabled: Type.Boolean(),
  filter: allOptional({ expression: Type.String() }),
});

const CustomTagSchema = allOptional(
  {
    literal: Type.Object({ value: Type.String({ minLength: 1 }) }),
    environment: Type.Object({ name: Type.String({ minLength: 1 }), defaultValue: Type.Optional(Type.String()) }),
    header: Type.Object({ name: Type.String({ minLength: 1 }), defaultValue: Type.Optional(Type.String()) }),
    formatter: Type.Object({ value: Type.String({ minLength: 1 }) }),
  },
  exactlyOne('literal', 'environment', 'header', 'formatter'),
);

const TracingSchema = allOptional({
  match: allOptional({ mode: Mode }),
  providers: Type.Array(ProviderRef),
  randomSamplingPercentage: Type.Number({ minimum: 0, maximum: 100 }),
  disableSpanReporting: Type.Boolean(),
  customTags: Type.Record(Type.String(), CustomTagSchema),
  useRequestIdForTraceSampling: Type.Boolean(),
  enableIstioTags: Type.Boolean(),
});

const MetricsOverrideSchema = allOptional({
  match: allOptional(
    { metric: Type.String(), customMetric: Type.String({ minLength: 1 }), mode: Mode },
    atMostOne('metric', 'customMetric'),
  ),
  disabled: Type.Boolean(),
  tagOverrides: Type.Record(
    Type.String(),
    allOptional({ operation: Type.Enum(['UPSERT', 'REMOVE']), value: Type.String() }),
  ),
});

const MetricsSchema = allOptional({
  providers: Type.Array(ProviderRef),
  overrides: Type.Array(MetricsOverrideSchema),
  reportingInterval: Duration,
});

const TargetRef = allOptional({
  group: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  namespace: Type.String(),
});

/** telemetry.istio.io Telemetry. */
export const TelemetrySpecSchema = allOptional({
  selector: WorkloadSelectorSchema,
  targetRef: TargetRef,
  targetRefs: Type.Array(TargetRef),
  accessLogging: Type.Array(AccessLoggingSchema),
  tracing: Type.Array(TracingSchema),
  metrics: Type.Array(MetricsSchema),
});
export type TelemetrySpec = TypeOf<typeof TelemetrySpecSchema>;
