import { describe, expect, test } from 'vitest';
import type { LoadTask } from '../generator.ts';
import { fortio, parseFortio } from './fortio.ts';
import { parseH2load } from './h2load.ts';
import { parseHey, parseHeySamples } from './hey.ts';
import { parseK6 } from './k6.ts';
import { parseOha } from './oha.ts';
import { parseVegeta } from './vegeta.ts';
import { parseWrk } from './wrk.ts';

// Numbers are from real runs of the versions in tools.ts.
describe('what a generator says of itself', () => {
  test('is read from wrk, whose units change from line to line', () => {
    const output = [
      '    Latency     2.86ms    3.44ms  20.01ms   84.31%',
      '     50%  381.00us',
      '     75%    4.59ms',
      '     90%    7.89ms',
      '     99%    1.20s ',
      'Requests/sec:  15713.58',
      'Transfer/sec:     16.35MB',
    ].join('\n');
    const { rps, latency } = parseWrk(output.replace('1.20s ', '1.20s'));
    expect(rps).toBe(15_713.58);
    expect(latency).toEqual({ p50Ms: 0.381, p90Ms: 7.89, p99Ms: 1_200, p999Ms: Number.NaN });
  });

  test('is read from the JSON of fortio, in seconds', () => {
    const Percentiles = [
      { Percentile: 50, Value: 0.0006778361353179973 },
      { Percentile: 90, Value: 0.003585185185185186 },
      { Percentile: 99, Value: 0.007058750639999999 },
      { Percentile: 99.9, Value: 0.007310926464000001 },
    ];
    const { rps, latency } = parseFortio(
      JSON.stringify({ ActualQPS: 499.79108279299766, DurationHistogram: { Count: 992, Percentiles } }),
    );
    expect(rps).toBeCloseTo(499.791, 3);
    expect(latency.p50Ms).toBeCloseTo(0.6778, 4);
    expect(latency.p999Ms).toBeCloseTo(7.3109, 4);
  });

  test('is read from the metrics of k6, in milliseconds', () => {
    const output = JSON.stringify({
      iteration_duration: { values: { 'p(50)': 0.472125 } },
      http_req_duration: {
        values: { 'p(50)': 0.4157, 'p(90)': 8.9184642, 'p(99)': 77.78539460000005, 'p(99.9)': 94.84504121600027 },
      },
      http_reqs: { values: { count: 953, rate: 476.25210744431047 } },
    });
    expect(parseK6(output)).toEqual({
      rps: 476.25210744431047,
      latency: { p50Ms: 0.4157, p90Ms: 8.9184642, p99Ms: 77.78539460000005, p999Ms: 94.84504121600027 },
    });
  });

  test('is read from the summary of hey, and from its samples', () => {
    const summary = [
      '  Total:\t2.0200 secs',
      '  Requests/sec:\t499.0154',
      '  50% in 0.0006 secs',
      '  90% in 0.0031 secs',
      '  99% in 0.0093 secs',
    ].join('\n');
    expect(parseHey(summary)).toEqual({
      rps: 499.0154,
      latency: { p50Ms: 0.6, p90Ms: 3.1, p99Ms: expect.closeTo(9.3, 9), p999Ms: Number.NaN },
    });
    const head = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset';
    const row = (seconds: string) => `${seconds},0.0001,0.0000,0.0002,0.0077,0.0004,200,0.0539`;
    const samples = parseHeySamples([head, row('0.0084'), row('0.0010'), row('0.0085'), ''].join('\n'), 2_000);
    expect(samples.rps).toBe(1.5);
    expect(samples.latency.p50Ms).toBeCloseTo(8.4, 9);
  });

  test('is read from the samples of vegeta, in nanoseconds', () => {
    const row = (ns: number) => `1795273336505013761,200,${ns},0,0,,,,2,GET,http://127.0.0.1:1/,eA==`;
    const { rps, latency } = parseVegeta([row(7_790_840), row(10_547_972), row(86_239)].join('\n'), 1_000);
    expect(rps).toBe(3);
    expect(latency.p50Ms).toBeCloseTo(7.79084, 6);
  });

  test('is read from the JSON of oha, in seconds', () => {
    const latencyPercentiles = { p50: 0.000116424, p90: 0.002650543, p99: 0.014107571, 'p99.9': 0.020309432 };
    const { rps, latency } = parseOha(
      JSON.stringify({ summary: { requestsPerSec: 500.7788475476826 }, latencyPercentiles }),
    );
    expect(rps).toBeCloseTo(500.779, 3);
    expect(latency.p99Ms).toBeCloseTo(14.107571, 6);
    expect(latency.p999Ms).toBeCloseTo(20.309432, 6);
  });

  test('is read from h2load, which has no percentiles', () => {
    const { rps, latency } = parseH2load('finished in 2.00s, 42972.00 req/s, 43.41MB/s\nrequests: 85944 total\n');
    expect(rps).toBe(42_972);
    expect(latency.p50Ms).toBeNaN();
  });

  test('is unknown when it says something else', () => {
    expect(parseWrk('unable to connect').rps).toBeNaN();
    expect(parseHey('').latency.p99Ms).toBeNaN();
    expect(parseH2load('').rps).toBeNaN();
  });
});

describe('a peer', () => {
  const task: LoadTask = { url: 'http://127.0.0.1:8080/a', connections: 16, rps: 500, warmUpMs: 0, durationMs: 2_000 };

  test('of gRPC is told of an address and not of a URL', async () => {
    expect(await fortio('/fortio').arguments(task, '/tmp')).toContain(task.url);
    const grpc = await fortio('/fortio', 'grpc', ['-grpc']).arguments(task, '/tmp');
    expect(grpc.at(-1)).toBe('127.0.0.1:8080');
  });

  test('without a rate goes as fast as it can', async () => {
    const args = await fortio('/fortio').arguments({ ...task, rps: null }, '/tmp');
    expect(args[args.indexOf('-qps') + 1]).toBe('0');
  });
});
