import { describe, expect, it } from 'vitest';
import { distance, isWithin, labelledLocality, parseLocality, topologyLabels } from './locality.ts';

describe('a locality', () => {
  it('is read from labels, in which dots stand for slashes; the newer label decides', () => {
    expect(labelledLocality({ 'istio-locality': 'eu.a.1' })).toBe('eu/a/1');
    expect(labelledLocality({ 'istio-locality': 'eu/a.b' })).toBe('eu/a.b');
    expect(labelledLocality({ 'istio-locality': 'eu', 'topology.istio.io/locality': 'us.b' })).toBe('us/b');
    expect(labelledLocality({ 'istio-locality': '' })).toBeUndefined();
    expect(labelledLocality({})).toBeUndefined();
  });

  it.each([
    ['eu/a/1', '*', true],
    ['eu/a/1', 'eu', true],
    ['eu/a/1', 'eu/*', true],
    ['eu/a/1', 'eu/a/*', true],
    ['eu/a/1', 'eu/a/1', true],
    ['eu/a/1', 'eu/a/2', false],
    ['eu/a', 'eu/b', false],
    ['us/a', 'eu/*', false],
    ['', '*', true],
    ['', 'eu', false],
  ])('%j within %j: %s', (locality, pattern, expected) => {
    expect(isWithin(parseLocality(locality), pattern)).toBe(expected);
  });

  it.each([
    ['eu/a/1', 'eu/a/1', 0],
    ['eu/a/1', 'eu/a/2', 1],
    ['eu/a/1', 'eu/b/1', 2],
    ['eu/a/1', 'us/a/1', 3],
    ['', '', 0],
  ])('%j is %j away from %j', (a, b, steps) => {
    expect(distance(parseLocality(a), parseLocality(b))).toBe(steps);
  });

  it('has the labels by which rules name it, as far as it is known', () => {
    expect(topologyLabels(parseLocality('eu/a'))).toEqual({
      'topology.kubernetes.io/region': 'eu',
      'topology.kubernetes.io/zone': 'a',
    });
  });
});
