import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { age, meshConfig, telemetry } from './resources.ts';

const provider = fc.constantFrom('envoy', 'lines', 'als', 'otel', 'zipkin', 'nobody');
const providers = fc.array(
  provider.map((name) => ({ name })),
  { maxLength: 2 },
);
const match = fc.constantFrom({}, { match: { mode: 'CLIENT' } }, { match: { mode: 'SERVER' } });

const accessLogging = fc
  .tuple(match, providers, fc.constantFrom({}, { disabled: true }, { filter: { expression: 'response.code > 1' } }))
  .map(([mode, names, rest]) => ({ ...mode, providers: names, ...rest }));
const tracing = fc
  .tuple(match, providers, fc.constantFrom({}, { disableSpanReporting: true }, { randomSamplingPercentage: 50 }))
  .map(([mode, names, rest]) => ({ ...mode, providers: names, ...rest }));

export const anyTelemetry: fc.Arbitrary<Resource> = fc
  .tuple(
    fc.constantFrom('default/a', 'default/b', 'shop/a', 'istio-system/a'),
    fc.option(fc.constantFrom({ app: 'a' }, { version: 'v1' }), { nil: undefined }),
    fc.array(accessLogging, { maxLength: 2 }),
    fc.array(tracing, { maxLength: 2 }),
    fc.nat(3),
  )
  .map(([id, matchLabels, logs, spans, seconds]) =>
    telemetry(
      id,
      { ...(matchLabels === undefined ? {} : { selector: { matchLabels } }), accessLogging: logs, tracing: spans },
      age(seconds),
    ),
  );

const collector = fc.tuple(
  fc.constantFrom('a.default.svc.cluster.local', 'b.shop.svc.cluster.local', 'gone.example.com'),
  fc.constantFrom(80, 90),
);

export const anyMeshConfig: fc.Arbitrary<Resource> = fc
  .tuple(
    collector,
    collector,
    fc.boolean(),
    fc.boolean(),
    fc.constantFrom('ALLOW_ANY', 'REGISTRY_ONLY'),
    fc.constantFrom('BASE', 'NONE', 'DECODE_AND_MERGE_SLASHES'),
  )
  .map(([[service, port], [other, otherPort], logs, traces, mode, normalization]) =>
    meshConfig({
      outboundTrafficPolicy: { mode },
      pathNormalization: { normalization },
      ...(logs ? { accessLogFile: '/dev/stdout' } : {}),
      extensionProviders: [
        { name: 'otel', opentelemetry: { service, port } },
        { name: 'zipkin', zipkin: { service: other, port: otherPort } },
        { name: 'als', envoyOtelAls: { service: other, port: otherPort } },
        { name: 'lines', envoyFileAccessLog: { logFormat: { text: 'x' } } },
        { name: 'authz', envoyExtAuthzGrpc: { service, port } },
        { name: 'other', envoyExtAuthzHttp: { service: `shop/${other}`, port: otherPort } },
      ],
      ...(traces ? { defaultProviders: { tracing: ['otel'] } } : {}),
    }),
  );
