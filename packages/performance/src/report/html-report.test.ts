import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRuns } from '../compare/compare-runs.ts';
import type { CriterionOutcome, RunRecord } from '../record/run-record.ts';
import { simulatedExperiment } from '../testing/simulated-experiment.ts';
import { simulatedRun } from '../testing/simulated-run.ts';
import { renderHtmlReport } from './html-report.ts';
import { runVerdict } from './run-verdict.ts';

const run = simulatedRun({ id: 'run-1', name: 'productpage', seconds: 20, stallAt: 9, failed: 12 });
const other = simulatedRun({ id: 'run-2', name: 'after the change', seconds: 20, seed: 2, meanMs: 3 });
const { experiment } = simulatedExperiment();
const comparison = compareRuns([run, other]);
const histograms = [run, other].map(({ record, histograms: { response } }) => ({
  label: record.name,
  histogram: response,
}));

/** Names of elements and attributes, which no value may add to. */
function skeleton(text: string): string[] {
  const document = text.replace(/<style>[^<]*<\/style>/g, '');
  return [...document.matchAll(/<(\/?[a-zA-Z!?][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)/g)].map(
    ([, name, attributes = '']) =>
      `${name} ${[...attributes.matchAll(/([\w:-]+)(?:="[^"]*")?/g)].map(([, key]) => key).join(' ')}`,
  );
}

describe('a report of a run', () => {
  const text = renderHtmlReport({ kind: 'run', ...run });

  test('has verdict, trust, S, R and L explained, plan, environment, use and the command (000-96)', () => {
    for (const expected of [
      'To be trusted',
      'Response time R',
      'Service time S',
      'Schedule lag L',
      'what a user waits',
      '200 requests per second for 20 s',
      '2 × AMD EPYC',
      'CPU per 1,000 requests',
      'meshwise perf run productpage.default/productpage --rps 200 --duration 20s',
    ]) {
      expect(text).toContain(expected);
    }
  });

  test('has for every drawing a title, a sentence and a table', () => {
    const count = (pattern: RegExp) => [...text.matchAll(pattern)].length;
    const figures = count(/<figure>/g);
    expect(figures).toBe(9);
    expect(count(/<svg/g), 'wide and narrow').toBe(2 * figures);
    expect([count(/<figcaption>./g), count(/<summary>/g)]).toEqual([figures, figures]);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('needs nothing from anywhere: no script, no address to fetch, and a policy that forbids both', () => {
    expect(text).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|\sstyle=|\shref=|\ssrc=/i);
    expect(text).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;`);
  });

  test('of what measured nothing says so', () => {
    const record: RunRecord = {
      ...run.record,
      state: 'failed',
      note: 'The target did not answer.',
      summary: null,
      use: [],
    };
    const empty = renderHtmlReport({
      kind: 'run',
      record,
      histograms: { service: [], response: [], lag: [], errorResponse: [] },
      seconds: [],
    });
    expect(empty).toContain('Nothing measured');
    expect(empty).toContain('The target did not answer.');
    expect(empty).not.toContain('<svg');
  });
});

describe('a report of an experiment', () => {
  const text = renderHtmlReport({ kind: 'experiment', experiment });

  test('has what sidecars add with intervals or “within noise”, beside what was published (001-67, 001-69)', () => {
    expect(text).toMatch(
      /<th scope="row">Response time, p50<\/th><td>\+0\.\d+ ms<span class="about">[+−]0\.\d+ ms to \+0\.\d+ ms/,
    );
    expect(text).toMatch(/<td>within noise<span class="about">/);
    expect(text).toContain('0.5 vCPU and 50 MB (Istio, one proxy)');
    expect(text).toContain('2.76 ms (Istio, the sidecars of client and server)');
    expect(text).toContain('Load generator, proxies and programs share two cores.');
  });

  test('that measured nothing says so', () => {
    const failed = { ...experiment, state: 'failed' as const, report: null, note: 'No sidecar came up.' };
    expect(renderHtmlReport({ kind: 'experiment', experiment: failed })).toContain('No sidecar came up.');
  });
});

describe('a report of a comparison', () => {
  test('has figures, verdicts, warnings and what differs', () => {
    const text = renderHtmlReport({ kind: 'comparison', comparison, histograms });
    for (const expected of [
      '“after the change” is worse in response time p50',
      'single run: no interval',
      'Each run was made once',
      'productpage (baseline)',
    ]) {
      expect(text).toContain(expected);
    }
  });
});

describe('hostile text', () => {
  test('is text in every report, and never an element or an attribute', () => {
    const reports = (hostile: string): string[] => {
      const { record } = run;
      const evil: RunRecord = {
        ...record,
        name: hostile,
        note: hostile,
        state: 'stopped',
        target: { ...record.target, text: hostile, url: hostile },
        words: [hostile],
        command: hostile,
        environment: { ...record.environment, cpuModel: hostile, capture: hostile, envoy: hostile },
        use: record.use.map((one) => ({ ...one, name: hostile })),
        summary:
          record.summary === null
            ? null
            : {
                ...record.summary,
                errors: [{ kind: hostile, count: 12, sample: hostile }],
                trust: {
                  ...record.summary.trust,
                  reason: hostile,
                  checks: [{ check: hostile, verdict: 'doubt', text: hostile }],
                },
              },
      };
      return [
        renderHtmlReport({ kind: 'run', ...run, record: evil }),
        renderHtmlReport({
          kind: 'experiment',
          experiment: { ...experiment, name: hostile, note: hostile, words: [hostile], command: hostile },
        }),
        renderHtmlReport({
          kind: 'comparison',
          comparison: {
            runs: comparison.runs.map((one) => ({ ...one, name: hostile, target: hostile })),
            rows: comparison.rows,
            differences: [{ what: hostile, values: [hostile, hostile], words: hostile }],
            warnings: [hostile],
          },
          histograms: histograms.map(({ histogram }) => ({ label: hostile, histogram })),
        }),
      ];
    };
    const harmless = reports('harmless').map(skeleton);
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '"><img src=x onerror=alert(1)>',
        '</style></svg><script>alert(1)</script>',
        "' onclick='alert(1)",
        '<!--',
        ']]>',
        '&#60;b&#62;',
      ),
    );
    fc.assert(
      fc.property(text, (hostile) => {
        expect(reports(hostile).map(skeleton)).toEqual(harmless);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the verdict on a run', () => {
  const criterion = (limit: number): CriterionOutcome => ({
    metric: 'responseP99Ms',
    limit,
    measured: 12,
    met: 12 <= limit,
  });

  test('names the criterion that decided it', () => {
    expect(runVerdict({ ...run.record, criteria: [criterion(50)] })).toEqual({
      tone: 'good',
      word: 'Criteria met',
      text: 'response time p99 12 ms, at most 50 ms.',
    });
    expect(runVerdict({ ...run.record, criteria: [criterion(50), criterion(10)] })).toEqual({
      tone: 'bad',
      word: 'Criteria not met',
      text: 'response time p99 12 ms, not at most 10 ms.',
    });
  });

  test('tells of an early end and of failures', () => {
    expect(runVerdict({ ...run.record, state: 'stopped', note: 'Stopped at 34 s.' })).toMatchObject({
      tone: 'doubt',
      word: 'Ended early (stopped)',
    });
    expect(runVerdict(run.record).text).toContain('12 failed, 0 were dropped');
    const nothing = { ...run.record.summary, completed: 0 } as NonNullable<typeof run.record.summary>;
    expect(runVerdict({ ...run.record, summary: nothing })).toMatchObject({ tone: 'bad', word: 'No good answer' });
    expect(runVerdict(other.record)).toMatchObject({ tone: 'good', word: 'Finished' });
  });
});
