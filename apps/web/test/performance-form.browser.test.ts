import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasChromium, loaded, useBrowser } from './browser.ts';
import { PerformanceDaemon } from './performance-daemon.ts';

describe.skipIf(!hasChromium)('planning a load test in Chromium (apt-get install chromium)', () => {
  const openPage = useBrowser();

  async function open(path: string, set: (performance: PerformanceDaemon) => void = () => {}) {
    const performance = new PerformanceDaemon();
    const opened = await openPage(path, {
      prepare: (daemon) => {
        set(performance.attach(daemon));
      },
    });
    await loaded(opened.page);
    return { ...opened, performance };
  }

  const plan = (page: Page) => page.getByRole('complementary', { name: 'Plan' });
  const started = (performance: PerformanceDaemon) =>
    performance.asked.find(({ method, url }) => method === 'POST' && url.pathname.endsWith('/runs'))?.body;

  test('a plan is made, shared and started by keyboard alone', async () => {
    const { page, performance, complaints } = await open('/performance/new');
    await page.getByRole('textbox', { name: 'Target' }).focus();
    await page.keyboard.type('productpage.default:9080/productpage');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field'))).toBe(
      'duration',
    );
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('250');
    await plan(page)
      .getByText(/250 requests per second/)
      .waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('rps')).toBe('250');
    expect(new URL(page.url()).searchParams.get('target')).toBe('productpage.default:9080/productpage');
    await plan(page)
      .getByText('meshwise perf run productpage.default:9080/productpage --rps 250 --duration 30s')
      .waitFor();
    await plan(page).getByText('The target answers.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Verdict' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/performance/runs/run-1');
    expect(started(performance)).toEqual({
      target: 'productpage.default:9080/productpage',
      load: { rps: 250, durationMs: 30_000 },
    });
    expect(complaints).toEqual({ errors: [], foreign: [] });
  });

  test('a shared address fills the form, and Back from the run brings it again', async () => {
    const { page } = await open(
      '/performance/new?target=reviews.default:9080&pace=stages&stages=0..300@20s&p99=50ms&burst=yes',
    );
    expect(await page.getByLabel('Stage 1: to, requests per second').inputValue()).toBe('300');
    expect(await page.getByLabel('p99 at most').inputValue()).toBe('50ms');
    await page.getByText('1 changed').waitFor();
    await page.getByRole('img', { name: 'Asked rate: from 0 to 300 requests per second for 0:20' }).waitFor();
    await page.getByRole('button', { name: 'Start the load test' }).click();
    await page.getByRole('region', { name: 'Verdict' }).waitFor();
    await page.goBack();
    expect(await page.getByLabel('Stage 1: to, requests per second').inputValue()).toBe('300');
  });

  test('what is wrong is said beside its field, which gets the focus, and nothing is sent', async () => {
    const { page, performance } = await open('/performance/new?target=reviews.default:9080&duration=30&seed=x');
    await page.locator('[data-field=duration]').getByText('A time with its unit').waitFor();
    await page.getByRole('button', { name: 'Start the load test' }).click();
    expect(await page.evaluate(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field'))).toBe(
      'duration',
    );
    expect(await page.getByLabel('Seed').isVisible()).toBe(true);
    expect(performance.asked).toEqual([]);
  });

  test('what the daemon refuses is said beside the field that it names', async () => {
    const { page } = await open('/performance/new?target=http://example.test/', (performance) => {
      const body = { code: 'MW8004', message: 'MW8004: example.test is not yours', advice: 'give --yes', details: {} };
      performance.start = { status: 403, body };
    });
    await page.getByRole('button', { name: 'Start the load test' }).click();
    await page.locator('[data-field=yes]').getByText('example.test is not yours').waitFor();
    expect(
      await page.getByLabel('I may put load on this address').evaluate((box) => box === document.activeElement),
    ).toBe(true);
    await page.keyboard.press(' ');
    await page.locator('[data-field=yes]').getByText('example.test is not yours').waitFor({ state: 'detached' });
    await plan(page).getByText('--yes').waitFor();
    expect(page.url()).not.toContain('yes');
  });

  test('an address that is not of this mesh is asked only when told to', async () => {
    const { page, performance } = await open('/performance/new?target=http://example.test/', (performance) => {
      performance.plan = {
        status: 200,
        body: { words: [], command: '', unreachable: 'the name has no address', warnings: ['Ask its owner.'] },
      };
    });
    const button = plan(page).getByRole('button', { name: 'Check that the target answers' });
    await button.waitFor();
    expect(performance.asked).toEqual([]);
    await button.click();
    await plan(page).getByText('The target does not answer: the name has no address').waitFor();
    await plan(page).getByText('Ask its owner.').waitFor();
    expect(performance.asked).toHaveLength(1);
    await page.getByRole('textbox', { name: 'Rate' }).fill('7');
    await button.waitFor();
    expect(performance.asked).toHaveLength(1);
  });

  test('a secret goes to the daemon and into no address and no command', async () => {
    const { page, performance } = await open('/performance/new?target=reviews.default:9080');
    await page.getByRole('button', { name: 'Add a header' }).click();
    await page.getByLabel('Header 1: name').fill('authorization');
    await page.getByLabel('Header 1: value').fill('Bearer s3cret');
    await expect.poll(() => page.url()).toContain('headers=');
    expect(decodeURIComponent(page.url())).not.toContain('s3cret');
    expect(await plan(page).textContent()).not.toContain('s3cret');
    await page.getByRole('button', { name: 'Start the load test' }).click();
    await expect.poll(() => JSON.stringify(started(performance))).toContain('s3cret');
  });

  test('the comparison with and without sidecars leads to its experiment', async () => {
    const { page, performance } = await open('/performance/new?target=reviews.default:9080', (performance) => {
      performance.start = { status: 200, body: { runId: null, experimentId: 'exp-1' } };
    });
    await page.getByLabel('Compare with and without sidecars').check();
    await page.getByLabel('Rounds').fill('5');
    await page.getByRole('button', { name: 'Start the comparison' }).click();
    await page.getByRole('heading', { level: 1, name: 'cost of the mesh for productpage' }).waitFor();
    expect(started(performance)).toMatchObject({ compareMesh: { rounds: 5 } });
  });
});
