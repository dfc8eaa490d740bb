import type { ExperimentRecord } from '@meshwise/performance';
import { runRecord } from './performance-fixtures.ts';

const estimate = (value: number | null, spread = 0.1) => ({
  value,
  low: value === null ? null : value - Math.abs(value) * spread,
  high: value === null ? null : value + Math.abs(value) * spread,
});
const more = (value: number) => ({ ...estimate(value), verdict: 'more' as const });
const noise = (value: number) => ({ value, low: value - 2, high: value + 2, verdict: 'within noise' as const });

export function experiment(change: Partial<ExperimentRecord> = {}): ExperimentRecord {
  const record = runRecord();
  const variant = (name: 'none' | 'server' | 'both', p50: number, sidecars: number) => ({
    variant: name,
    blocks: 5,
    requests: 30_000,
    failed: 0,
    responseP50Ms: estimate(p50),
    responseP90Ms: estimate(p50 * 1.6),
    responseP99Ms: estimate(p50 * 3),
    achievedRps: estimate(200, 0.001),
    sidecarCpuMsPer1000Requests: estimate(sidecars === 0 ? null : 210 * sidecars),
    applicationCpuMsPer1000Requests: estimate(160),
    sidecarMemoryBytes: estimate(sidecars === 0 ? null : 27e6 * sidecars),
  });
  const added = (from: 'none' | 'server', to: 'server' | 'both', ms: number) => ({
    from,
    to,
    responseP50Ms: more(ms),
    responseP90Ms: more(ms * 1.5),
    responseP99Ms: { value: ms * 2, low: null, high: null, verdict: 'unknown' as const },
    achievedRps: noise(-0.2),
    sidecarCpuMsPer1000Requests: more(210),
    applicationCpuMsPer1000Requests: noise(1),
    sidecarMemoryBytes: more(27e6),
  });
  return {
    id: 'exp-1',
    name: 'cost of the mesh for productpage',
    kind: 'compare-mesh',
    state: 'finished',
    note: null,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    target: record.target,
    words: ['200 requests per second, 15 blocks of 10 s in random order'],
    command: 'meshwise perf run productpage.default:9080/productpage --rps 200 --compare-mesh',
    environment: record.environment,
    variants: ['none', 'server', 'both'],
    onPath: [],
    rounds: 5,
    blockMs: 10_000,
    seed: 7,
    blocks: [1, 2, 3, 4, 5].flatMap((round) =>
      (['none', 'server', 'both'] as const).map((name) => ({ round, variant: name, runId: `block-${round}-${name}` })),
    ),
    report: {
      variants: [variant('none', 2.1, 0), variant('server', 2.9, 1), variant('both', 3.7, 2)],
      added: [added('none', 'server', 0.8), added('server', 'both', 0.8), added('none', 'both', 1.6)],
      references: [
        {
          missionId: '001-69',
          title: 'Two sidecars, added to p90',
          published: '2.76 ms (Istio 1.24)',
          measured: '2.4 ms',
        },
      ],
      notes: ['The generator shared cores with the target.'],
    },
    ...change,
  };
}
