import type { StatusView } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { hasChromium, loaded, useBrowser } from './browser.ts';
import { bookinfo, empty } from './fixtures.ts';

function allWell(): StatusView {
  const status = bookinfo(Date.now());
  const services = status.services.filter((service) => service.health === 'healthy');
  return { ...empty(Date.now()), services, measureIntervalMs: 600_000 };
}

function failing(status: StatusView, name: string): StatusView {
  const services = status.services.map((service) =>
    service.name === name ? { ...service, health: 'failing' as const, reason: 'No endpoint is ready' } : service,
  );
  return { ...status, services };
}

describe.skipIf(!hasChromium)('live data in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();

  test('a change arrives by the stream, moves to the top and is announced once', async () => {
    const { page, daemon } = await open('/', { prepare: (daemon) => (daemon.status = allWell()) });
    await page.getByText('Nothing is failing or degraded').waitFor();
    await page.getByText(/^live · /).waitFor();
    daemon.publish(failing(daemon.status, 'productpage'));
    await page.getByRole('link', { name: 'Open service productpage' }).waitFor();
    expect(await page.locator('.mw-row-name').allInnerTexts()).toEqual(['productpage', 'details']);
    const announcer = page.getByTestId('announcer');
    expect(await announcer.getAttribute('aria-live')).toBe('polite');
    expect(await announcer.textContent()).toBe('Service productpage is failing: No endpoint is ready');
    expect(daemon.reads).toBe(1);
  });

  test('a lost daemon leaves the numbers, grey and dated; its return resumes where the stream was', async () => {
    const { page, daemon } = await open('/', { prepare: (daemon) => (daemon.status = allWell()) });
    await page.getByText(/^live · /).waitFor();
    daemon.publish({ ...daemon.status, version: '0.1.1' });
    await page.getByText('Meshwise 0.1.1').waitFor();
    const rate = page
      .getByRole('row', { name: /productpage/ })
      .locator('.mw-num')
      .nth(1);
    const liveColour = await rate.evaluate((element) => getComputedStyle(element).color);
    await daemon.close();
    await page.getByText(/^reconnecting · /).waitFor();
    await page.getByText('resuming from #101').waitFor();
    expect(await rate.textContent()).toBe('42');
    expect(await rate.evaluate((element) => getComputedStyle(element).color)).not.toBe(liveColour);
    await daemon.listen();
    await page.getByText(/^live · /).waitFor();
    expect(daemon.resumedFrom).toEqual(['101']);
    expect(await rate.evaluate((element) => getComputedStyle(element).color)).toBe(liveColour);
    expect(await page.getByTestId('announcer').textContent()).toBe('Live again');
  });

  test('a daemon that came back broken is named, and the page heals by itself', async () => {
    const { page, daemon } = await open('/services', { prepare: (daemon) => (daemon.status = allWell()) });
    await page.getByText(/^live · /).waitFor();
    await daemon.close();
    daemon.mode = 'failing';
    await daemon.listen();
    await page.getByText('The daemon answers with an error: the store cannot be opened (MW2006)').waitFor();
    expect(await page.locator('tr[data-row]').count()).toBe(2);
    daemon.mode = 'ok';
    await page.getByText(/^live · /).waitFor();
    expect(await page.getByText('The daemon answers with an error').count()).toBe(0);
  });

  test('a session that ended while looking leads to signing in', async () => {
    const { page, daemon } = await open('/');
    await page.getByText(/^live · |^rates /).waitFor();
    await daemon.close();
    daemon.mode = 'unauthorised';
    await daemon.listen();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('rates that are no longer measured are late although the stream lives', async () => {
    const status = { ...allWell(), measureIntervalMs: 100 };
    const { page } = await open('/', { prepare: (daemon) => (daemon.status = status) });
    await page.getByText(/^rates \d+ s old$/).waitFor();
    await page.getByText('Rates were last measured').waitFor();
    expect(await page.locator('#main').getAttribute('data-stale')).toBe('true');
  });

  test('Space pauses: what comes is not shown until it is pressed again', async () => {
    const { page, daemon } = await open('/', { prepare: (daemon) => (daemon.status = allWell()) });
    await page.getByText(/^live · /).waitFor();
    await page.keyboard.press(' ');
    await page.getByText(/^paused · /).waitFor();
    await expect.poll(() => daemon.streams).toBe(0);
    daemon.publish(failing(daemon.status, 'details'));
    expect(await page.getByRole('link', { name: 'Open service details' }).count()).toBe(0);
    await page.keyboard.press(' ');
    await page.getByRole('link', { name: 'Open service details' }).waitFor();
    expect(daemon.streams).toBe(1);
  });

  test('the bypassable capture and a daemon that is not well are said on every page', async () => {
    const status = allWell();
    const mesh = { ...status.mesh, capture: 'loopback' as const, notes: ['Programs can go round their proxies.'] };
    const { page } = await open('/proxies', {
      prepare: (daemon) => (daemon.status = { ...status, mesh, state: 'degraded' }),
    });
    await loaded(page);
    await page.getByText('Programs can go round their proxies.').waitFor();
    await page.getByText('The daemon runs degraded').waitFor();
    await page.locator('.mw-mesh-capture', { hasText: 'loopback' }).waitFor();
  });
});
