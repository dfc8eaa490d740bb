import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasChromium, loaded, NARROW, type Opened, type OpenOptions, overflow, useBrowser, WIDE } from './browser.ts';
import { empty } from './fixtures.ts';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Runs axe-core inside the page. Evaluated rather than added as a script, which the page's policy rightly refuses. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(async () => {
    const axe: { run(): Promise<{ violations: Violation[] }> } = Reflect.get(window, 'axe');
    return (await axe.run()).violations;
  });
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

interface State {
  readonly name: string;
  readonly path: string;
  readonly options?: OpenOptions;
  readonly ready?: (opened: Opened) => Promise<void>;
}

const STATES: readonly State[] = [
  { name: 'the overview', path: '/' },
  { name: 'services', path: '/services' },
  {
    name: 'a service',
    path: '/services?open=default/reviews',
    ready: ({ page }) => page.getByRole('dialog').waitFor(),
  },
  { name: 'workloads with pods', path: '/workloads?open=Deployment/default/ratings-v1' },
  { name: 'proxies', path: '/proxies' },
  {
    name: 'a proxy',
    path: '/proxies?open=sidecar~reviews-v1',
    ready: ({ page }) => page.getByRole('dialog').waitFor(),
  },
  { name: 'gateways', path: '/gateways' },
  { name: 'conditions', path: '/conditions' },
  { name: 'nothing matches', path: '/services?q=nothing-like-it' },
  { name: 'empty', path: '/', options: { prepare: (daemon) => (daemon.status = empty(Date.now())) } },
  {
    name: 'loading',
    path: '/',
    options: { prepare: (daemon) => (daemon.mode = 'hang') },
    ready: ({ page }) => page.getByText('Loading the mesh').waitFor({ state: 'attached' }),
  },
  {
    name: 'failing',
    path: '/',
    options: { prepare: (daemon) => (daemon.mode = 'failing') },
    ready: ({ page }) => page.getByRole('alert').waitFor(),
  },
  {
    name: 'signed out',
    path: '/',
    options: { prepare: (daemon) => (daemon.mode = 'unauthorised') },
    ready: ({ page }) => page.getByRole('heading', { name: 'Sign in' }).waitFor(),
  },
  {
    name: 'stale',
    path: '/',
    ready: async ({ page, daemon }) => {
      await page.getByText(/^live · /).waitFor();
      await daemon.close();
      await page.getByText(/^reconnecting · /).waitFor();
      await daemon.listen();
      daemon.mode = 'hang';
    },
  },
  {
    name: 'help',
    path: '/',
    ready: async ({ page }) => {
      await loaded(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    },
  },
  {
    name: 'choosing namespaces',
    path: '/services',
    ready: async ({ page }) => {
      await page.getByRole('button', { name: /^Namespaces/ }).click();
      await page.getByRole('checkbox', { name: 'shop' }).waitFor();
    },
  },
];

const LOOKS = [
  { look: 'wide, light', viewport: WIDE, colorScheme: 'light' },
  { look: 'wide, dark', viewport: WIDE, colorScheme: 'dark' },
  { look: 'narrow, light', viewport: NARROW, colorScheme: 'light' },
  { look: 'narrow, dark', viewport: NARROW, colorScheme: 'dark' },
] as const;

describe.skipIf(!hasChromium)('axe-core in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();

  test.each(STATES)('$name has no violations, wide and narrow, light and dark', async ({ path, options, ready }) => {
    // Without transitions: axe would measure the contrast of something half faded in.
    const opened = await open(path, { ...options, reducedMotion: 'reduce' });
    const { page } = opened;
    await (ready === undefined ? loaded(page) : ready(opened));
    for (const { look, viewport, colorScheme } of LOOKS) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await violations(page), look).toEqual([]);
      expect(await overflow(page), look).toBe(0);
    }
    expect(opened.complaints).toEqual({ errors: [], foreign: [] });
  });

  test('a page with a mistake is caught', async () => {
    const { page } = await open('/');
    await loaded(page);
    await page.evaluate(() => {
      document.querySelector('main')?.append(document.createElement('button'));
    });
    expect(await violations(page)).not.toEqual([]);
  });
});
