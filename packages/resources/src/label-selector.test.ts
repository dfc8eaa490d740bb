import { describe, expect, it } from 'vitest';
import { matchesLabels, parseLabelSelector, selectorRequirements } from './label-selector.ts';

const labels = { app: 'shop', version: 'v1' };

describe('Label selectors', () => {
  it.each([
    ['', true],
    ['app=shop', true],
    ['app==shop,version!=v2', true],
    ['app = other', false],
    ['version in (v1, v2)', true],
    ['version notin (v1)', false],
    ['zone notin (a)', true],
    ['zone!=a', true],
    ['app', true],
    ['!app', false],
    ['!zone,app', true],
    ['constructor', false],
  ])('%j on app=shop,version=v1 is %s', (text, expected) => {
    expect(matchesLabels(parseLabelSelector(text), labels)).toBe(expected);
  });

  it.each(['app in v1', 'a=b=c', ',', 'app in (a', '(a)', '-x=1'])('refuse %j', (text) => {
    expect(() => parseLabelSelector(text)).toThrow(/MW1004/);
  });

  it('read the selector of a workload', () => {
    const selector = {
      matchLabels: { app: 'shop' },
      matchExpressions: [{ key: 'version', operator: 'NotIn' as const, values: ['v2'] }],
    };
    expect(matchesLabels(selectorRequirements(selector), labels)).toBe(true);
  });
});
