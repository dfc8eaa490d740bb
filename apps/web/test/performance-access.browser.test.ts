import { describe, expect, test } from 'vitest';
import { LOOKS, violations } from './axe.ts';
import { hasChromium, loaded, type Opened, overflow, useBrowser } from './browser.ts';
import { HANGS } from './daemon.ts';
import { experiment } from './experiment-fixtures.ts';
import { PerformanceDaemon } from './performance-daemon.ts';
import { HOSTILE, liveRun, running, runRecord } from './performance-fixtures.ts';

interface State {
  readonly name: string;
  readonly path: string;
  readonly set?: (performance: PerformanceDaemon) => void;
  /** What is there when the state is on the page. */
  readonly shows: string;
  readonly ready?: (opened: Opened) => Promise<void>;
}

const FAILED = {
  status: 503,
  body: { code: 'MW8102', message: 'MW8102: the disk is full', advice: 'Free some space.' },
};
const LONG = `${HOSTILE} ${'a-very-long-name-without-any-space-'.repeat(6)}`;

async function live({ page, daemon }: Opened): Promise<void> {
  await page.getByText(/^live · |^rates /).waitFor();
  await expect.poll(() => daemon.streams).toBe(1);
  daemon.send('runs', { runs: [liveRun()] });
  await page.getByRole('progressbar').waitFor();
}

const STATES: readonly State[] = [
  { name: 'the list', path: '/performance?ids=run-1,run-2', shows: 'Compare 2' },
  {
    name: 'the list, empty',
    path: '/performance',
    set: (performance) => Object.assign(performance, { runs: [], experiments: [] }),
    shows: 'Nothing measured yet',
  },
  { name: 'the list, nothing found', path: '/performance?q=nothing-like-it', shows: 'Clear filters' },
  {
    name: 'the list, failing',
    path: '/performance',
    set: (performance) => (performance.always = FAILED),
    shows: 'the disk is full',
  },
  {
    name: 'the list, loading',
    path: '/performance',
    set: (performance) => (performance.always = { status: HANGS, body: null }),
    shows: 'Loading results',
  },
  {
    name: 'the list with something running',
    path: '/performance',
    set: (performance) => (performance.runs = [running(), ...performance.runs]),
    shows: 'Running now',
    ready: live,
  },
  { name: 'the form', path: '/performance/new?target=productpage.default:9080', shows: 'The target answers.' },
  {
    name: 'the form with everything open and wrong',
    path: '/performance/new?target=http://example.test/&pace=stages&stages=0..x@1m&compare=yes&headers=authorization:&seed=-1&burst=yes&streams=x&serverName=x&p99=fast',
    shows: 'Not a number',
    ready: async ({ page }) => {
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByText('Client key (PEM)').waitFor({ state: 'attached' });
    },
  },
  { name: 'a result', path: '/performance/runs/run-1', shows: 'Criteria met' },
  { name: 'a result as tables', path: '/performance/runs/run-1?as=table', shows: 'Response time by percentile' },
  {
    name: 'a result that measured nothing',
    path: '/performance/runs/run-1',
    set: (performance) =>
      (performance.runs = [runRecord({ state: 'failed', summary: null, note: 'connection refused', criteria: [] })]),
    shows: 'connection refused',
  },
  {
    name: 'a result of hostile and very long names',
    path: '/performance/runs/run-1',
    set: (performance) =>
      (performance.runs = [
        runRecord({ name: LONG, target: { ...runRecord().target, text: LONG, url: LONG }, words: [LONG], note: LONG }),
      ]),
    shows: 'Criteria met',
  },
  { name: 'a result that is not there', path: '/performance/runs/gone', shows: 'No such result' },
  {
    name: 'a run that goes on',
    path: '/performance/runs/run-live',
    set: (performance) => (performance.runs = [running()]),
    shows: 'Closing this page does not stop the run',
    ready: live,
  },
  { name: 'an experiment', path: '/performance/experiments/exp-1', shows: 'Beside published figures' },
  {
    name: 'an experiment that goes on',
    path: '/performance/experiments/exp-1',
    set: (performance) => (performance.experiments = [experiment({ state: 'running', report: null })]),
    shows: 'Closing this page does not stop the experiment',
  },
  { name: 'a comparison', path: '/performance/compare?ids=run-1,run-2', shows: 'What differs' },
  { name: 'a comparison of too few', path: '/performance/compare?ids=run-1', shows: 'Choose results to compare' },
];

describe.skipIf(!hasChromium)('measuring, by axe-core in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();

  test.each(STATES)('$name has no violations, wide and narrow, light and dark', async ({ path, set, shows, ready }) => {
    const opened = await open(path, {
      reducedMotion: 'reduce',
      prepare: (daemon) => {
        const performance = new PerformanceDaemon().attach(daemon);
        set?.(performance);
      },
    });
    const { page } = opened;
    await loaded(page);
    await page.getByText(shows, { exact: false }).first().waitFor({ state: 'attached' });
    await ready?.(opened);
    for (const { look, viewport, colorScheme } of LOOKS) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await violations(page), look).toEqual([]);
      expect(await overflow(page), look).toBe(0);
    }
    expect(await page.title()).toMatch(/Meshwise$/);
    expect(opened.complaints).toEqual({ errors: [], foreign: [] });
  });
});
