import { describe, expect, test } from 'vitest';
import { LOOKS, violations } from './axe.ts';
import { hasChromium, loaded, type Opened, type OpenOptions, overflow, useBrowser } from './browser.ts';
import { empty } from './fixtures.ts';

interface State {
  readonly name: string;
  readonly path: string;
  readonly options?: OpenOptions;
  readonly ready?: (opened: Opened) => Promise<void>;
}

const STATES: readonly State[] = [
  { name: 'the overview', path: '/' },
  { name: 'the topology', path: '/topology', ready: ({ page }) => page.locator('.mw-node').first().waitFor() },
  { name: 'the topology as a table', path: '/topology?as=table' },
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
