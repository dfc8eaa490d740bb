import { describe, expect, test } from 'vitest';
import { judge, judgedWords, type WindowFigures } from './gate.ts';

const v3 = (change: Partial<WindowFigures> = {}): WindowFigures => ({
  name: 'v3',
  requests: 431,
  successRate: 99.8,
  latencySamples: 402,
  p99Ms: 42,
  ...change,
});
const GATE = { minRequests: 200, successRate: 99, p99: '250ms' };

describe('a gate', () => {
  test('TrafficShift steps.gate passes with every figure within its limit, and says the figures', () => {
    const judged = judge(GATE, [v3()]);
    expect(judged.verdict).toBe('pass');
    expect(judgedWords(judged)).toBe(
      'v3: success 99.8 % of 431 requests (at least 99 %); v3: p99 42 ms of 402 requests (at most 250 ms)',
    );
  });

  test('TrafficShift steps.gate.minRequests: data are insufficient before it has as many, whatever they were like', () => {
    const judged = judge(GATE, [v3({ requests: 41, successRate: 0, latencySamples: 30, p99Ms: 9_000 })]);
    expect(judged.verdict).toBe('insufficient');
    expect(judgedWords(judged)).toContain('insufficient data: 41 of 200 requests');
    expect(judgedWords(judged)).toContain('insufficient data: 30 of 200 latencies');
  });

  test('TrafficShift steps.gate.successRate and p99: it fails by one figure, also while another lacks data', () => {
    expect(judge(GATE, [v3({ successRate: 98.99, latencySamples: 3 })]).verdict).toBe('fail');
    expect(judge(GATE, [v3({ p99Ms: 250.1 })]).verdict).toBe('fail');
    expect(judge(GATE, [v3({ p99Ms: 250, successRate: 99 })]).verdict).toBe('pass');
  });

  test('fails by one version of several', () => {
    expect(judge(GATE, [v3(), v3({ name: 'v2', successRate: 90 })]).verdict).toBe('fail');
  });

  test('never rounds a share up to its limit', () => {
    expect(judgedWords(judge({ successRate: 100 }, [v3({ successRate: 99.996 })]))).toContain('success 99.99 %');
  });

  test('without limits asks for requests, at least one', () => {
    expect(judge({}, [v3({ requests: 0 })]).verdict).toBe('insufficient');
    expect(judge({}, [v3({ requests: 1 })]).verdict).toBe('pass');
  });

  test('that nobody can be held against has shown nothing', () => {
    expect(judge(GATE, []).verdict).toBe('insufficient');
    expect(judge(undefined, []).verdict).toBe('none');
  });
});
