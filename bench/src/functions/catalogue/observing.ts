import type { TrafficFunction } from '../function.ts';
import { PROBE } from '../probe/manifests.ts';
import { DETAILS, type Probes } from '../probe/probes.ts';

/** Proxies send spans in groups, after some seconds at the latest. */
const SPANS_MS = 7_000;

function telemetry(spec: string): string {
  return `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: bench }
spec:
  ${spec}
`;
}

const tracing = (percent: number) =>
  telemetry(`tracing: [{ providers: [{ name: bench-spans }], randomSamplingPercentage: ${percent} }]`);

/** What proxies report of requests. */
export const OBSERVING: readonly TrafficFunction[] = [
  {
    name: 'access log, text',
    on: telemetry('accessLogging: [{ providers: [{ name: bench-text }] }]'),
    evidence: (probes) => logged(probes, (line) => line.startsWith('[')),
  },
  {
    name: 'access log, JSON (6 fields)',
    on: telemetry('accessLogging: [{ providers: [{ name: bench-json }] }]'),
    evidence: (probes) => logged(probes, (line) => line.startsWith('{')),
  },
  {
    name: 'tracing, 100 % to a collector (OTLP over HTTP)',
    on: tracing(100),
    evidence: async (probes) => {
      const before = await probes.seen('/v1/traces');
      await probes.ask({ count: 20 });
      // A sidecar that sends no spans at all is known at once.
      if (!(await sampling(probes))?.includes('100')) return undefined;
      for (const untilMs = performance.now() + SPANS_MS; performance.now() < untilMs; await pause(250)) {
        if ((await probes.seen('/v1/traces')) > before) return 'the collector got spans';
      }
      return undefined;
    },
  },
  {
    name: 'tracing, 1 %',
    on: tracing(1),
    evidence: async (probes) => ((await sampling(probes)) === '1' ? 'the sidecar samples 1 %' : undefined),
  },
];

/** Writing is not waited for by who sends a request, so the line may come a little later. */
async function logged(probes: Probes, isOurs: (line: string) => boolean): Promise<string | undefined> {
  const mark = `bench-${Math.round(performance.now() * 1_000)}`;
  await probes.askOnce({}, `${DETAILS}?${mark}`);
  for (let tries = 0; tries < 4; tries += 1) {
    const line = (await probes.sidecarLog()).find((one) => one.includes(mark));
    if (line !== undefined) return isOurs(line) ? 'the request is in the log' : undefined;
    await pause(250);
  }
  return undefined;
}

/** Percent, as the sidecar holds it. */
async function sampling(probes: Probes): Promise<string | undefined> {
  return /"random_sampling":\{"value":(?<percent>[\d.]+)\}/.exec(await probes.configuration(PROBE))?.groups?.[
    'percent'
  ];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
