import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareRuns } from '../compare/compare-runs.ts';
import { simulatedExperiment } from '../testing/simulated-experiment.ts';
import { simulatedRun } from '../testing/simulated-run.ts';
import { renderHtmlReport } from './html-report.ts';

const EXECUTABLE = process.env['MESHWISE_CHROMIUM'] ?? '/usr/bin/chromium';
const LONG = 'a-very-long-name-without-any-place-to-break-'.repeat(4);
const run = simulatedRun({
  id: 'run-1',
  name: LONG,
  seconds: 20,
  stallAt: 9,
  failed: 12,
  error: '<img src=x onerror=alert(1)>',
});
const more = [2, 3, 4, 5].map((seed) =>
  simulatedRun({ id: `run-${seed}`, name: `run ${seed}`, seconds: 20, seed, meanMs: seed }),
);

const REPORTS = [
  { name: 'a run', text: renderHtmlReport({ kind: 'run', ...run }) },
  {
    name: 'an experiment',
    text: renderHtmlReport({ kind: 'experiment', experiment: simulatedExperiment().experiment }),
  },
  {
    name: 'a comparison of five',
    text: renderHtmlReport({
      kind: 'comparison',
      comparison: compareRuns([run, ...more]),
      histograms: [run, ...more].map(({ record, histograms }) => ({
        label: record.name,
        histogram: histograms.response,
      })),
    }),
  },
] as const;

const LOOKS = [
  { look: 'wide, light', viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  { look: 'wide, dark', viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  { look: 'phone, dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const;

/** Evaluated rather than added as a script, which the report's policy refuses. */
async function withAxe(page: Page): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
}

async function violations(page: Page): Promise<string[]> {
  const script = `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`;
  return page.evaluate(script);
}

/** Pairs of texts of one drawing that lie on each other, as the browser has set them. */
const OVERLAPS = `[...document.querySelectorAll('svg')].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0);
  const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 4 || b.bottom <= a.top + 4;
  return boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => !apart(a.box, b.box)).map((b) => a.text + ' / ' + b.text));
})`;

describe.skipIf(!existsSync(EXECUTABLE))('in Chromium (apt-get install chromium)', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(() => browser?.close());

  test.each(REPORTS)(
    'the report of $name passes axe-core, fits its page and asks nobody for anything',
    async ({ text }) => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('request', (request) => complaints.push(request.url()));
      await page.setContent(text);
      expect(complaints).toEqual([]);
      await withAxe(page);
      for (const { look, viewport, colorScheme } of LOOKS) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        expect(
          await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
          look,
        ).toBe(0);
        expect(await page.evaluate(OVERLAPS), look).toEqual([]);
        expect(await violations(page), look).toEqual([]);
      }
      // With every table open, too.
      await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(
        0,
      );
      expect(await violations(page)).toEqual([]);
      await page.close();
    },
  );

  test('a mistake would be found', async () => {
    const page = await browser.newPage();
    await page.setContent('<main><button></button><svg><text y="20">one</text><text y="20">two</text></svg></main>');
    await withAxe(page);
    expect(await violations(page)).not.toEqual([]);
    expect(await page.evaluate(OVERLAPS)).toEqual(['one / two']);
    await page.close();
  });
});
