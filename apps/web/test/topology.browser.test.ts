import { describe, expect, test } from 'vitest';
import { hasChromium, loaded, NARROW, overflow, useBrowser } from './browser.ts';
import { empty } from './fixtures.ts';

describe.skipIf(!hasChromium)('the topology in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();

  test('draws every node and call, and says in a sentence what is to be seen (001-45)', async () => {
    const { page, complaints } = await open('/topology');
    await loaded(page);
    await page.locator('.mw-node').first().waitFor();
    expect(await page.locator('.mw-node').count()).toBeGreaterThanOrEqual(9);
    await expect.poll(() => page.locator('.mw-edge-call').count()).toBe(5);
    expect(await page.locator('.mw-page-sum').textContent()).toContain('1 of them in plain text');
    expect(await page.getByText('42/s', { exact: true }).count()).toBeGreaterThan(0);
    expect(complaints).toEqual({ errors: [], foreign: [] });
  });

  test('opens a node by mouse and keyboard, dims what is not on its path, and walks on from there', async () => {
    const { page } = await open('/topology');
    await page.locator('.mw-node', { hasText: 'reviews-v2' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('workload in default').waitFor();
    expect(await page.locator('.mw-node[data-dimmed]').count()).toBeGreaterThan(0);
    await drawer.getByRole('button', { name: 'ratings' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('open')).toBe('service/default/ratings');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await page.locator('.react-flow__node', { hasText: 'details' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('open')).toBe('service/default/details');
  });

  test('has a table twin by the key T, in the address, with the same filter', async () => {
    const { page } = await open('/topology?q=ratings');
    await loaded(page);
    await page.locator('.mw-node').first().waitFor();
    await page.keyboard.press('t');
    await expect.poll(() => new URL(page.url()).searchParams.get('as')).toBe('table');
    const calls = page.getByRole('table', { name: 'Calls' });
    await expect.poll(() => calls.locator('tbody tr').count()).toBe(1);
    expect(await calls.textContent()).toContain('plain text');
  });

  test('shows another figure on its edges when asked, and keeps it in the address', async () => {
    const { page } = await open('/topology');
    await loaded(page);
    await page.getByLabel('Edges show').selectOption('mtls');
    await page.getByText('plain text', { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?label=mtls');
  });

  test('teaches when there is nothing, and when nothing has been called', async () => {
    const { page, daemon } = await open('/topology', { prepare: (one) => (one.status = empty(Date.now())) });
    await page.getByText('Nothing to draw yet').waitFor();
    const { calls: _, ...quiet } = daemon.status;
    const silent = await open('/topology', {
      prepare: (one) =>
        (one.status = {
          ...one.status,
          ...quiet,
          services: one.status.services,
          workloads: one.status.workloads,
          calls: [],
        }),
    });
    await silent.page.getByText('No calls have been seen yet').waitFor();
  });

  test('fits a phone', async () => {
    const { page } = await open('/topology', { viewport: NARROW });
    await page.locator('.mw-node').first().waitFor();
    expect(await overflow(page)).toBe(0);
  });
});
