import { expect, test } from 'vitest';
import { experiment } from '../../../test/experiment-fixtures.ts';
import { leadSentence } from './lead.ts';

const report = experiment().report;
if (report === null) throw new Error('the fixture has a report');
const of = (change: Partial<(typeof report.added)[number]>) =>
  leadSentence({ ...report, added: report.added.map((one) => ({ ...one, ...change })) });
const noise = { value: 0.1, low: -1, high: 1, verdict: 'within noise' as const };
const unmeasured = { value: null, low: null, high: null, verdict: 'unknown' as const };

test('an experiment is one sentence of what is certain and what is not (000-109)', () => {
  expect(leadSentence(report)).toBe(
    'Being on the mesh adds 1.6 ms at p50 and 2.4 ms at p90, seems to add 3.2 ms at p99; its sidecars use 210 ms of CPU per 1,000 requests and 27 MB.',
  );
});

test('noise is called noise, and less is not more', () => {
  const less = { value: -0.4, low: -0.5, high: -0.3, verdict: 'less' as const };
  expect(of({ responseP50Ms: noise, responseP90Ms: less, responseP99Ms: noise })).toContain(
    'Being on the mesh takes away 0.4 ms at p90, makes no difference beyond noise at p50 and p99;',
  );
});

test('what nobody could measure is not mentioned, and without a comparison there is no sentence', () => {
  const sentence = of({ responseP99Ms: unmeasured, sidecarMemoryBytes: unmeasured });
  expect(sentence).not.toMatch(/p99|MB/);
  expect(leadSentence({ ...report, added: [] })).toBeUndefined();
});

test('a single sidecar is named as what it is', () => {
  expect(leadSentence({ ...report, added: report.added.slice(0, 1) })).toMatch(/^The server’s sidecar adds 0\.8 ms/);
});
