import { MeshwiseError } from '@meshwise/core';
import { formatDuration, parseDuration } from '@meshwise/load';
import type { Criterion } from './run-record.ts';

interface Wording {
  readonly word: string;
  readonly sign: '<' | '>';
  readonly unit: 'time' | 'percent';
}

/** How each metric is said. Limits themselves are allowed, so `<` and `<=` mean the same. */
const WORDINGS: Readonly<Record<Criterion['metric'], Wording>> = {
  responseP50Ms: { word: 'p50', sign: '<', unit: 'time' },
  responseP99Ms: { word: 'p99', sign: '<', unit: 'time' },
  errorPercent: { word: 'errors', sign: '<', unit: 'percent' },
  achievedPercent: { word: 'achieved', sign: '>', unit: 'percent' },
};
const METRICS = Object.keys(WORDINGS) as Criterion['metric'][];

const EXPECTATION = /^\s*(\w+)\s*([<>])=?\s*(\S+)\s*$/;
const PERCENT = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)%$/;

/** `p50<5ms`, `p99<50ms`, `errors<1%`, `achieved>95%`. MW8001 when it is not that. */
export function parseExpectation(text: string, field = '--expect'): Criterion {
  const refuse = () =>
    new MeshwiseError('MW8001', 'not an expectation', {
      field,
      found: text,
      expected: 'p50<5ms, p99<50ms, errors<1% or achieved>95%',
    });
  const [, word, sign, value = ''] = EXPECTATION.exec(text) ?? [];
  const metric = METRICS.find((one) => WORDINGS[one].word === word && WORDINGS[one].sign === sign);
  if (metric === undefined) throw refuse();
  if (WORDINGS[metric].unit === 'time') return { metric, limit: parseDuration(value, field) };
  const [, percent] = PERCENT.exec(value) ?? [];
  if (percent === undefined) throw refuse();
  return { metric, limit: Number(percent) };
}

/** `parseExpectation` gives the same criterion back. */
export function formatExpectation({ metric, limit }: Criterion): string {
  const { word, sign, unit } = WORDINGS[metric];
  return `${word}${sign}${unit === 'time' ? formatDuration(limit) : `${limit}%`}`;
}
