import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { focusedText, hasChromium, loaded, useBrowser } from './browser.ts';

function scheme(page: Page): Promise<string | null> {
  return page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme'));
}

describe.skipIf(!hasChromium)('by keyboard in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();

  test('the first Tab offers to skip to the content', async () => {
    const { page } = await open('/');
    await loaded(page);
    await page.keyboard.press('Tab');
    expect(await focusedText(page)).toBe('Skip to content');
    expect(await page.locator('.mw-skip').evaluate((link) => link.getBoundingClientRect().top)).toBeGreaterThanOrEqual(
      0,
    );
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  test('g and a letter go to a page, and the focus to its title', async () => {
    const { page } = await open('/?ns=default');
    await loaded(page);
    for (const [letter, title] of [
      ['s', 'Services'],
      ['w', 'Workloads'],
      ['p', 'Proxies'],
      ['g', 'Gateways'],
      ['c', 'Conditions'],
      ['f', 'Performance'],
      ['o', 'Overview'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      await expect.poll(() => focusedText(page)).toBe(title);
      expect(await page.title()).toBe(`${title} · Meshwise`);
      expect(page.url()).toContain('?ns=default');
    }
  });

  test('/ and Ctrl K reach the search, typing filters, Back undoes the filter as a whole', async () => {
    const { page } = await open('/services');
    await loaded(page);
    await page.keyboard.press('/');
    await page.keyboard.type('rev g');
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('rev g');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await expect.poll(() => page.locator('.mw-row-name').allInnerTexts()).toEqual(['reviews']);
    await page.goBack();
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(6);
    const field = page.getByRole('textbox', { name: 'Search this page' });
    expect(await field.inputValue()).toBe('');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('x');
    expect(await field.inputValue()).toBe('x');
    await page.keyboard.press('Escape');
    expect(await field.inputValue()).toBe('');
  });

  test('j and k walk the rows with a visible focus, Enter opens, Esc closes and returns to the row', async () => {
    const { page } = await open('/services');
    await loaded(page);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await focusedText(page)).toContain('reviews');
    const row = page.getByRole('row', { name: /reviews/ });
    expect(await row.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /reviews/ }).waitFor();
    expect(page.url()).toContain('open=default/reviews');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('open=');
    await expect.poll(() => focusedText(page)).toContain('reviews');
  });

  test('Enter unfolds a workload and folds it again', async () => {
    const { page } = await open('/workloads');
    await loaded(page);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Pods of ratings-v1' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Pods of ratings-v1' }).waitFor({ state: 'detached' });
  });

  test('h leaves the problems, and again everything', async () => {
    const { page } = await open('/services');
    await loaded(page);
    await page.keyboard.press('h');
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(3);
    expect(await page.getByRole('button', { name: 'Problems only' }).getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('h');
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(6);
  });

  test('? lists the keys, which do nothing else meanwhile, and Esc closes', async () => {
    const { page } = await open('/');
    await loaded(page);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('Pause and go on').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    expect(new URL(page.url()).pathname).toBe('/');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  });

  test('r reads the status again', async () => {
    const { page, daemon } = await open('/');
    await page.getByText(/^live · /).waitFor();
    const before = daemon.reads;
    await page.keyboard.press('r');
    await expect.poll(() => daemon.reads).toBe(before + 1);
  });

  test('the theme follows the system until one is chosen, and the choice is kept before the first paint', async () => {
    const { page } = await open('/', { colorScheme: 'dark' });
    await loaded(page);
    expect(await scheme(page)).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => scheme(page)).toBe('light');
    await page.getByText('Dark', { exact: true }).click({ force: true });
    await expect.poll(() => scheme(page)).toBe('dark');
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    expect(await scheme(page)).toBe('dark');
  });

  test('who asked for less motion gets none', async () => {
    const { page } = await open('/', { reducedMotion: 'reduce' });
    await page.getByText(/^live · /).waitFor();
    const running = () => page.evaluate(() => document.getAnimations().length);
    expect(await running()).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await expect.poll(running).toBeGreaterThan(0);
  });
});
