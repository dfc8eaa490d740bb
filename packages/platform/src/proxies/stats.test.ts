import { describe, expect, it } from 'vitest';
import { parseCounters, rates } from './stats.ts';

const none = { latencyP50Ms: undefined, latencyP99Ms: undefined };

describe("a proxy's counters", () => {
  it('are read by port for what comes in, and summed for what goes out', () => {
    const counters = parseCounters({
      stats: [
        { name: 'http.inbound_0.0.0.0_9080.downstream_rq_completed', value: 12 },
        { name: 'http.inbound_0.0.0.0_9080.downstream_rq_5xx', value: 2 },
        { name: 'http.outbound_0.0.0.0_80.downstream_rq_completed', value: 3 },
        { name: 'http.outbound_0.0.0.0_9080.downstream_rq_completed', value: 4 },
        {
          histograms: {
            supported_quantiles: [0, 50, 99],
            computed_quantiles: [
              {
                name: 'http.inbound_0.0.0.0_9080.downstream_rq_time',
                values: [{ interval: 1 }, { interval: 2.5 }, { interval: 9 }],
              },
            ],
          },
        },
      ],
    });
    expect(counters.inbound.get(9080)).toEqual({ requests: 12, errors: 2, latencyP50Ms: 2.5, latencyP99Ms: 9 });
    expect(counters.downstream).toMatchObject({ requests: 7, errors: 0 });
  });

  it('are read by cluster for what is sent on, with the handshakes that tell of mutual TLS', () => {
    const cluster = 'outbound|9080|v1|reviews.default.svc.cluster.local';
    const { upstream } = parseCounters({
      stats: [
        { name: `cluster.${cluster};.upstream_rq_completed`, value: 9 },
        { name: `cluster.${cluster};.upstream_rq_5xx`, value: 1 },
        { name: `cluster.${cluster};.upstream_cx_total`, value: 2 },
        { name: `cluster.${cluster};.ssl.handshake`, value: 2 },
      ],
    });
    expect([...upstream]).toEqual([[cluster, { requests: 9, errors: 1, connections: 2, handshakes: 2, ...none }]]);
  });

  it('leave a percentile unknown when nothing was measured in the interval', () => {
    const histogram = { supported_quantiles: [50], computed_quantiles: [{ name: 'x', values: [{ interval: null }] }] };
    const counters = parseCounters({
      stats: [{ name: 'http.inbound_0.0.0.0_1.downstream_rq_completed', value: 1 }, { histograms: histogram }],
    });
    expect(counters.inbound.get(1)).toMatchObject(none);
  });
});

describe('rates between two readings', () => {
  const at = (requests: number, errors: number) => ({ requests, errors, ...none });

  it('are unknown before the second reading', () => {
    expect(rates(undefined, at(5, 0), 1_000)).toBeUndefined();
    expect(rates(at(5, 0), at(5, 0), 0)).toBeUndefined();
  });

  it('are per second, and errors a share of the requests', () => {
    expect(rates(at(10, 1), at(30, 6), 2_000)).toMatchObject({ requestsPerSecond: 10, errorPercent: 25 });
  });

  it('have no error share when there was no request: no data is not zero errors', () => {
    expect(rates(at(10, 1), at(10, 1), 2_000)).toMatchObject({ requestsPerSecond: 0, errorPercent: undefined });
  });

  it('count from zero after a proxy was started anew', () => {
    expect(rates(at(1_000, 10), at(40, 4), 2_000)).toMatchObject({ requestsPerSecond: 20, errorPercent: 10 });
  });
});
