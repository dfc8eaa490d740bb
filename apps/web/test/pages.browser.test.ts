import type { StatusView } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { NAV_ITEMS } from '../src/shell/nav-items.ts';
import { hasChromium, loaded, NARROW, overflow, useBrowser } from './browser.ts';
import { FAILURE } from './daemon.ts';
import { empty, REJECTION } from './fixtures.ts';

function withServices(status: StatusView, count: number): StatusView {
  const services = Array.from({ length: count }, (_, index) => status.services[index % status.services.length]);
  const named = services.flatMap((service, index) =>
    service === undefined ? [] : [{ ...service, name: `service-${index}` }],
  );
  return { ...status, services: named };
}

describe.skipIf(!hasChromium)('the pages in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();

  test('the overview puts what fails first, with a reason and a way to the row', async () => {
    const { page, complaints } = await open('/');
    await loaded(page);
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await expect.poll(() => attention.getByRole('listitem').count()).toBe(6);
    expect(await attention.getByRole('listitem').first().textContent()).toContain(
      'Port 443 is taken by another process',
    );
    await attention.getByRole('button', { name: 'Show all 10' }).click();
    expect(await attention.getByRole('listitem').count()).toBe(10);
    await attention.getByRole('link', { name: 'See certificate reviews-v2' }).click();
    await page.getByRole('dialog').getByText('The certificate expired 3 min ago').waitFor();
    expect(new URL(page.url()).pathname).toBe('/proxies');
    expect(complaints).toEqual({ errors: [], foreign: [] });
  });

  test('every count leads to exactly the rows it counted', async () => {
    const { page } = await open('/');
    await page.getByRole('link', { name: '4 healthy workloads' }).click();
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(4);
    expect(await page.getByRole('textbox', { name: 'Search this page' }).inputValue()).toBe('health:healthy');
  });

  test('tables begin with the worst and sort by any column, with the order in the address and announced', async () => {
    const { page } = await open('/services');
    await loaded(page);
    const names = () => page.locator('.mw-row-name').allInnerTexts();
    expect(await names()).toEqual([
      'ratings',
      'reviews',
      'mysqldb',
      'recommendations-with-a-rather-long-name',
      'details',
      'productpage',
    ]);
    const p99 = page.getByRole('columnheader', { name: 'p99' });
    await p99.getByRole('button').click();
    await expect.poll(() => p99.getAttribute('aria-sort')).toBe('descending');
    expect(new URL(page.url()).search).toBe('?sort=-p99');
    expect((await names()).slice(0, 4)).toEqual(['reviews', 'productpage', 'details', 'ratings']);
    await p99.getByRole('button').click();
    await expect.poll(() => p99.getAttribute('aria-sort')).toBe('ascending');
    // What was not measured stays last in either direction.
    expect((await names()).slice(-2).sort()).toEqual(['mysqldb', 'recommendations-with-a-rather-long-name']);
    await page.goBack();
    await page.goBack();
    await expect.poll(() => p99.getAttribute('aria-sort')).toBe('none');
  });

  test('what is unknown says so and why, instead of showing a zero', async () => {
    const { page } = await open('/services');
    const row = page.getByRole('row', { name: /mysqldb/ });
    await row.waitFor();
    expect(await row.textContent()).toContain('Its workload has no sidecar, so nothing measures it');
    expect(await row.getByText('unknown: No proxy reported it').count()).toBe(4);
    expect(await row.locator('.mw-num').allInnerTexts()).toEqual(['1/1']);
  });

  test('a workload unfolds to its pods, the application and its sidecar apart (000-54)', async () => {
    const { page } = await open('/workloads');
    const row = page.getByRole('button', { name: 'productpage-v1 default' });
    await row.click();
    await expect.poll(() => row.getAttribute('aria-expanded')).toBe('true');
    const pods = page.getByRole('list', { name: 'Pods of productpage-v1' }).getByRole('listitem');
    expect(await pods.count()).toBe(2);
    const text = await pods.first().textContent();
    expect(text).toMatch(/App CPU, memory\s*14 m, 38 MiB/);
    expect(text).toMatch(/Sidecar CPU, memory\s*6 m, 27 MiB/);
    expect(new URL(page.url()).searchParams.get('open')).toBe('Deployment/default/productpage-v1');
  });

  test('a proxy shows what was sent, what it took and what it refused, and why (001-37)', async () => {
    const { page } = await open('/proxies?open=sidecar~reviews-v1');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const listeners = dialog.getByRole('row', { name: /LDS/ }).getByRole('cell');
    expect(await listeners.allInnerTexts()).toEqual(['Rejected', '4', '42', '41']);
    await dialog.getByText(REJECTION).waitFor();
    await dialog.getByText('spiffe://cluster.local/ns/default/sa/bookinfo-reviews-v1').waitFor();
    expect(await dialog.getByText('in 23 h').count()).toBe(1);
  });

  test('namespaces are a scope for all pages and go along', async () => {
    const { page } = await open('/services');
    await page.getByRole('button', { name: 'Namespaces: All namespaces' }).click();
    await page.getByRole('checkbox', { name: 'shop' }).check();
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /^Workloads/ }).click();
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(1);
    expect(page.url()).toContain('/workloads?ns=shop');
    await page.getByText('meshwise get deployments -n shop').waitFor();
  });

  test('a filter that leaves nothing says so and can be cleared', async () => {
    const { page } = await open('/services?q=nothing-like-it&ns=shop&view=problems');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(6);
    expect(new URL(page.url()).search).toBe('');
  });

  test('of a thousand services the worst are drawn and the rest is offered', async () => {
    const { page } = await open('/services', {
      prepare: (daemon) => (daemon.status = withServices(daemon.status, 1000)),
    });
    const rows = page.locator('tr[data-row]');
    await expect.poll(() => rows.count()).toBe(150);
    expect(await rows.first().textContent()).toContain('Failing');
    await page.getByText('Showing 150 of 1000').waitFor();
    await page.getByRole('button', { name: 'Show 150 more' }).click();
    await expect.poll(() => rows.count()).toBe(300);
  });

  test('an empty mesh teaches the two commands that fill it', async () => {
    const { page } = await open('/', { prepare: (daemon) => (daemon.status = empty(Date.now())) });
    await page.getByText('Nothing runs in this mesh yet').waitFor();
    await page.getByText('meshwise up --sample bookinfo').waitFor();
    await page.getByText('meshwise apply -f FILE').waitFor();
  });

  test('a failing daemon is shown with code and advice, and Retry works', async () => {
    const { page, daemon } = await open('/', { prepare: (daemon) => (daemon.mode = 'failing') });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    const text = await alert.textContent();
    expect(text).toContain('the store cannot be opened');
    expect(text).toContain(FAILURE.code);
    expect(text).toContain('Check that the state directory');
    // Pressed while it still fails: the page asks by itself too, and the button would be gone.
    const { reads } = daemon;
    await alert.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => daemon.reads).toBeGreaterThan(reads);
    daemon.mode = 'ok';
    await loaded(page);
  });

  test('an answer of another release is named as such', async () => {
    const { page } = await open('/', { prepare: (daemon) => (daemon.mode = 'nonsense') });
    await page.getByText('The answer is not what this page understands').waitFor();
  });

  test('the token in the address is traded once for a cookie and leaves the address', async () => {
    const { page, daemon } = await open('/services?ns=default#token=s3cret', {
      prepare: (daemon) => (daemon.token = 's3cret'),
    });
    await loaded(page);
    expect(page.url()).toBe(`${daemon.origin}/services?ns=default`);
    expect(daemon.sessionRequests).toBe(1);
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await page.goto(`${daemon.origin}/#token=spent-long-ago`);
    await page.reload();
    await loaded(page);
  });

  test('without a session there is nothing but the way to sign in', async () => {
    const { page, daemon } = await open('/services#token=wrong', { prepare: (daemon) => (daemon.token = 's3cret') });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByText('meshwise ui', { exact: true }).waitFor();
    expect(await page.getByRole('link').count()).toBe(0);
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['']);
    expect(page.url()).not.toContain('wrong');
    expect(daemon.reads).toBe(1);
  });

  test('an address that leads nowhere says so', async () => {
    const { page } = await open('/nowhere');
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
  });

  test.each([
    '/',
    '/services',
    '/workloads?open=Deployment/default/ratings-v1',
    '/proxies',
    '/gateways',
    '/conditions',
  ])('%s needs no sideways scrolling at 390 pixels and shows every row as a card', async (path) => {
    const { page, complaints } = await open(path, { viewport: NARROW });
    await loaded(page);
    expect(await overflow(page)).toBe(0);
    expect(await page.locator('table.mw-table').count()).toBe(0);
    expect(await page.locator('.mw-card').count()).toBeGreaterThan(1);
    expect(await page.getByRole('navigation').getByRole('link').count()).toBe(
      NAV_ITEMS.filter((item) => item.more === undefined).length,
    );
    expect(complaints.errors).toEqual([]);
  });

  test('what has no room along the lower edge is behind More, which closes on the way', async () => {
    const { page } = await open('/', { viewport: NARROW });
    await loaded(page);
    const nav = page.getByRole('navigation', { name: 'Main' });
    const more = nav.getByRole('button', { name: /^More pages/ });
    await more.click();
    expect(await nav.getByRole('link').count()).toBe(NAV_ITEMS.length);
    await page.keyboard.press('Escape');
    expect(await more.getAttribute('aria-expanded')).toBe('false');
    await more.click();
    await nav.getByRole('link', { name: /^Gateways/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Gateways' }).waitFor();
    await expect.poll(() => more.getAttribute('aria-expanded')).toBe('false');
  });

  test('a detail fits 390 pixels', async () => {
    const { page } = await open('/proxies?open=sidecar~reviews-v1', { viewport: NARROW });
    const body = page.getByRole('dialog');
    await body.waitFor();
    const inside = await body.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
    expect(inside).toBe(0);
  });
});
