import { describe, expect, test } from 'vitest';
import { hasChromium, loaded, type Opened, type OpenOptions, useBrowser } from './browser.ts';
import { PerformanceDaemon } from './performance-daemon.ts';
import { HOSTILE, liveRun, running, runRecord } from './performance-fixtures.ts';

describe.skipIf(!hasChromium)('measuring in Chromium (apt-get install chromium)', () => {
  const openPage = useBrowser();

  async function open(
    path: string,
    set: (performance: PerformanceDaemon) => void = () => {},
    options: OpenOptions = {},
  ): Promise<Opened & { readonly performance: PerformanceDaemon }> {
    const performance = new PerformanceDaemon();
    const opened = await openPage(path, {
      ...options,
      prepare: (daemon) => {
        set(performance.attach(daemon));
      },
    });
    await loaded(opened.page);
    return { ...opened, performance };
  }

  test('the list has everything newest first, and two selected lead to their comparison (000-58)', async () => {
    const { page, complaints } = await open('/performance');
    const names = page.locator('.mw-result-name a');
    await expect.poll(() => names.allInnerTexts()).toHaveLength(3);
    expect(await names.first().innerText()).toBe('productpage, after the change');
    await page.getByRole('checkbox', { name: 'Compare productpage, evening' }).check();
    await page.getByText('Select one more run').waitFor();
    await page.getByRole('checkbox', { name: 'Compare productpage, after the change' }).check();
    expect(new URL(page.url()).search).toBe('?ids=run-1,run-2');
    await page.getByRole('link', { name: 'Compare 2' }).click();
    await page.getByRole('list', { name: 'Compared results' }).waitFor();
    const ranks = await page.locator('.mw-compared li .mw-row-name').allInnerTexts();
    expect(ranks).toEqual(['productpage, evening', 'productpage, after the change']);
    const p50 = page.getByRole('table', { name: 'Figures compared' }).getByRole('row', { name: /Response time p50/ });
    expect(await p50.textContent()).toMatch(/\+.*Worse/);
    await page.getByRole('link', { name: 'Make it the baseline' }).click();
    await expect.poll(() => p50.textContent()).toMatch(/−.*Better/);
    await page.getByText('meshwise perf compare run-2 run-1').waitFor();
    expect(complaints).toEqual({ errors: [], foreign: [] });
  });

  test('what cannot be compared says why, and what is gone is told apart from it', async () => {
    const { page, performance } = await open('/performance/compare?ids=run-1,run-2', (performance) => {
      performance.runs = [runRecord(), runRecord({ id: 'run-2', summary: null })];
    });
    await page.getByText('the run run-2 has measured nothing').waitFor();
    await page.getByRole('link', { name: 'Select others' }).waitFor();
    performance.runs = [runRecord()];
    await page.reload();
    await page.getByRole('heading', { name: 'No such result' }).waitFor();
  });

  test('pages open while the daemon is away, though nobody was there before', async () => {
    const { page } = await open('/');
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Performance' }).click();
    await page.getByRole('heading', { level: 1, name: 'Performance' }).waitFor();
    await page.getByRole('alert').getByText('The daemon does not answer').waitFor();
  });

  test('the search asks the daemon and is part of the address', async () => {
    const { page, performance } = await open('/performance');
    await page.keyboard.press('/');
    await page.keyboard.type('after');
    await expect.poll(() => page.locator('.mw-result-name').count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?q=after');
    expect(performance.asked.at(-1)?.url.searchParams.get('search')).toBe('after');
  });

  test('a run is followed live, stopped with what it measured, and its result stays under the same address', async () => {
    const { page, daemon } = await open('/performance/runs/run-live', (performance) => {
      performance.runs = [running()];
    });
    await page.getByText('Closing this page does not stop the run').waitFor();
    await expect.poll(() => daemon.streams).toBe(1);
    daemon.send('runs', { runs: [liveRun()] });
    const figures = page.getByRole('region', { name: 'Figures so far' });
    await figures.getByText('0:12').waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40');
    daemon.send('runs', { runs: [liveRun({ elapsedMs: 15_000, remainingMs: 15_000 })] });
    await figures.getByText('0:15').first().waitFor();
    await page.getByText('keeps what was measured until then').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    daemon.send('runs', { runs: [] });
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await verdict.getByText('Stopped after 12 s.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/performance/runs/run-live');
  });

  test('the end of a run is seen though the stream never said it', async () => {
    const { page, performance } = await open('/performance/runs/run-live', (performance) => {
      performance.runs = [running()];
    });
    await page.getByText('Closing this page does not stop the run').waitFor();
    performance.runs = [runRecord({ id: 'run-live' })];
    await page.getByRole('region', { name: 'Verdict' }).waitFor();
  });

  test('a result says whether to believe it before it says anything else, and names its three times', async () => {
    const { page } = await open('/performance/runs/run-1');
    const trust = page.getByRole('region', { name: 'Trust' });
    await trust.getByText('Generator and target ran on the same two cores').waitFor();
    expect(await trust.getByRole('listitem').count()).toBe(1);
    await trust.getByText('3 of 4 checks passed').click();
    expect(await trust.getByRole('listitem').count()).toBe(4);
    const times = page.getByRole('table', { name: 'Response time, service time and schedule lag' });
    expect(await times.getByRole('rowheader').allInnerTexts()).toHaveLength(3);
    const links = page.getByRole('navigation', { name: 'Downloads' }).getByRole('link');
    const formats = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(formats).toEqual(
      ['json', 'csv', 'hdr', 'svg', 'html'].map((format) => `/api/v1/perf/runs/run-1/export?format=${format}`),
    );
  });

  test('the latencies on a logarithmic axis are an address of their own', async () => {
    const { page } = await open('/performance/runs/run-1');
    const toggle = page.getByRole('button', { name: 'Logarithmic', exact: true });
    await toggle.click();
    await expect.poll(() => toggle.getAttribute('aria-pressed')).toBe('true');
    expect(new URL(page.url()).search).toBe('?scale=log');
    await page.goBack();
    await expect.poll(() => toggle.getAttribute('aria-pressed')).toBe('false');
  });

  test('T turns every chart into its table and back, one chart can be turned alone', async () => {
    const { page } = await open('/performance/runs/run-1');
    await page.locator('svg.mw-chart').first().waitFor();
    const charts = await page.locator('svg.mw-chart').count();
    expect(charts).toBe(6);
    await page.keyboard.press('t');
    await page
      .getByRole('table', { name: 'Response time by percentile' })
      .getByRole('rowheader', { name: '99 %' })
      .waitFor();
    expect(await page.locator('svg.mw-chart').count()).toBe(0);
    expect(new URL(page.url()).search).toBe('?as=table');
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Response time by percentile as a table' }).click();
    expect(await page.locator('svg.mw-chart').count()).toBe(charts - 1);
  });

  test('values are read off a chart by keyboard and by pointer', async () => {
    const { page } = await open('/performance/runs/run-1');
    const cursor = page.getByRole('slider', { name: 'Response time by percentile: read values' });
    await cursor.focus();
    await page.keyboard.press('ArrowRight');
    expect(await cursor.getAttribute('aria-valuetext')).toMatch(/^Percentile 75 % · Response time [\d.]+ ms/);
    const panel = page.getByRole('region', { name: 'Response time by percentile' });
    expect(await panel.locator('[data-part=cursor]').count()).toBe(1);
    await page.keyboard.press('t');
    await page.getByRole('table', { name: 'Response time by percentile' }).waitFor();
    await page.keyboard.press('t');
    const drawing = panel.locator('svg');
    await drawing.hover({ position: { x: 400, y: 100 } });
    await panel
      .getByText(/^Percentile \d/)
      .first()
      .waitFor();
  });

  test('what servers and users call things is text', async () => {
    const { page, complaints } = await open('/performance/runs/run-1', (performance) => {
      performance.runs = [
        runRecord({ name: HOSTILE, words: [HOSTILE], note: HOSTILE, command: `meshwise '${HOSTILE}'` }),
      ];
    });
    await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    await page.getByText(`503 ${HOSTILE}`).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toBe(`${HOSTILE} · Meshwise`);
    expect(complaints).toEqual({ errors: [], foreign: [] });
  });

  test('Run again opens the form filled, and Delete asks by its verb', async () => {
    const { page, performance } = await open('/performance/runs/run-1');
    await page.getByRole('link', { name: 'Run again' }).click();
    expect(await page.getByRole('textbox', { name: 'Target' }).inputValue()).toBe(
      'productpage.default:9080/productpage',
    );
    expect(await page.getByRole('textbox', { name: 'Rate' }).inputValue()).toBe('200');
    await page.goBack();
    await page.getByRole('button', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete productpage, evening' });
    await dialog.getByText('gone for good').waitFor();
    await dialog.getByRole('button', { name: 'Delete this result' }).click();
    await expect.poll(() => page.locator('.mw-result-name').count()).toBe(2);
    expect(performance.asked.some(({ method }) => method === 'DELETE')).toBe(true);
  });

  test('what the mesh costs is answered first, each figure with its interval or as noise (000-109)', async () => {
    const { page } = await open('/performance/experiments/exp-1');
    const cost = page.getByRole('region', { name: 'Added by both sidecars over none' });
    const tiles = await cost.locator('.mw-tile').allInnerTexts();
    expect(tiles.find((tile) => tile.startsWith('Response time, p90'))).toMatch(
      /\+2\.4 ms\s+\+2\.16 ms to \+2\.64 ms\s+More/,
    );
    expect(tiles.find((tile) => tile.startsWith('Achieved'))).toContain('Within noise');
    await cost.getByText('Being on the mesh adds 1.6 ms at p50 and 2.4 ms at p90').waitFor();
    await page.getByText('2.76 ms (Istio 1.24)').waitFor();
    await page.getByRole('link', { name: 'Both sidecars' }).first().click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/performance/runs/block-1-both');
  });

  test('a list that cannot be read any more stays, and says that it is old', async () => {
    const { page, performance, daemon } = await open('/performance');
    await expect.poll(() => page.locator('.mw-result-name').count()).toBe(3);
    await expect.poll(() => daemon.streams).toBe(1);
    performance.always = { status: 503, body: { code: 'MW8102', message: 'MW8102: the disk is full', advice: 'x' } };
    daemon.send('runs', { runs: [liveRun()] });
    await page.getByText('the disk is full (MW8102). What is shown was read before.').waitFor();
    expect(await page.locator('.mw-result-name').count()).toBe(3);
    performance.always = undefined;
    // By itself, without a press of Retry.
    await page.getByText('What is shown was read before').waitFor({ state: 'detached' });
  });

  test('a list that cannot be read at all says why, and Retry reads it', async () => {
    const { page, performance } = await open('/performance', (performance) => {
      performance.always = { status: 503, body: { code: 'MW8102', message: 'MW8102: the disk is full', advice: 'x' } };
    });
    const alert = page.getByRole('alert');
    await alert.getByText('the disk is full').waitFor();
    performance.always = undefined;
    await alert.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => page.locator('.mw-result-name').count()).toBe(3);
  });

  test('a session that ended leads to signing in from here too', async () => {
    const { page, daemon } = await open('/performance');
    await expect.poll(() => daemon.streams).toBe(1);
    daemon.mode = 'unauthorised';
    daemon.send('runs', { runs: [liveRun()] });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
