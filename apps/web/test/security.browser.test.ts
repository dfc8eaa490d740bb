import { type AccessView, PATHS } from '@meshwise/api';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { access, server, summary } from './access-fixtures.ts';
import { LOOKS, violations } from './axe.ts';
import { hasChromium, loaded, NARROW, overflow, useBrowser } from './browser.ts';
import type { ApiAnswer, ApiRequest, Daemon } from './daemon.ts';
import { HANGS } from './daemon.ts';
import { HOSTILE } from './performance-fixtures.ts';

const FAILED: ApiAnswer = {
  status: 503,
  body: { code: 'MW2006', message: 'MW2006: the disk is full', advice: 'Free some space.', details: {} },
};
const POLICY = {
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: 'ratings-viewer', namespace: 'default', managedFields: [{}] },
  spec: { selector: { matchLabels: { app: 'ratings' } } },
};

/** Plays the routes that the page asks. */
class Answers {
  view: AccessView = access();
  always: ApiAnswer | undefined;

  attach(daemon: Daemon): void {
    daemon.route = ({ url }: ApiRequest) => {
      if (url.pathname === PATHS.access) return this.always ?? { status: 200, body: this.view };
      if (url.pathname !== PATHS.resources) return undefined;
      return {
        status: 200,
        body: { apiVersion: 'v1', kind: 'List', namespaced: true, resourceVersion: '1', items: [POLICY] },
      };
    };
  }
}

const CELL = 'default/bookinfo-details>default/ratings-v1:9080';
const LONG = `${HOSTILE}${'a-very-long-name-without-any-space-'.repeat(4)}`;

interface State {
  readonly name: string;
  readonly path?: string;
  readonly shows: string;
  readonly set?: (answers: Answers) => void;
  readonly ready?: (page: Page) => Promise<void>;
}

const STATES: readonly State[] = [
  { name: 'the matrix', shows: 'every request is let in' },
  { name: 'what is not open', path: '?view=problems', shows: '3 of 5 ports' },
  { name: 'nothing found', path: '?q=nothing', shows: 'Clear filters' },
  {
    name: 'no policy yet',
    set: (answers) => (answers.view = access({ hasPolicies: false, servers: [server('details-v1', [0, 0, 0, 0, 0])] })),
    shows: 'Everybody may call everything',
  },
  { name: 'no sidecar', set: (answers) => (answers.view = access({ servers: [] })), shows: 'Nobody asks who comes' },
  {
    name: 'loading',
    set: (answers) => (answers.always = { status: HANGS, body: null }),
    shows: 'Loading who may call whom',
  },
  { name: 'failing', set: (answers) => (answers.always = FAILED), shows: 'the disk is full' },
  {
    name: 'stale',
    shows: 'What is shown was read before',
    set: (answers) => {
      const { view } = answers;
      let asked = 0;
      Object.defineProperty(answers, 'always', { get: () => (asked++ === 0 ? { status: 200, body: view } : FAILED) });
    },
  },
  {
    name: 'a closed cell with its policy',
    path: `?open=${encodeURIComponent(CELL)}`,
    shows: 'Decided by',
    ready: async (page) => {
      await page.locator('.mw-access-policy summary').first().click();
      await page.getByText('"app": "ratings"').waitFor();
    },
  },
  {
    name: 'a cell under conditions',
    path: `?open=${encodeURIComponent('default/bookinfo-details>default/reviews-v1:9080')}`,
    shows: 'opa is asked about',
  },
  {
    name: 'names that nobody should give',
    set: (answers) =>
      (answers.view = access({ servers: [server(LONG, [0, 0, 0, 0, 0])], summaries: [summary('some', LONG)] })),
    shows: 'a-very-long-name',
  },
];

describe.skipIf(!hasChromium)('who may call whom, in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();
  const opened = async (path = '', set?: (answers: Answers) => void, options = {}) => {
    const answers = new Answers();
    set?.(answers);
    const prepare = (daemon: Daemon) => answers.attach(daemon);
    const result = await open(`/security${path}`, { reducedMotion: 'reduce', prepare, ...options });
    await loaded(result.page);
    return { ...result, answers };
  };

  test.each(STATES)('$name has no violations, wide and narrow, light and dark', async ({ path, set, shows, ready }) => {
    const { page, complaints } = await opened(path, set);
    await page.getByText(shows, { exact: false }).first().waitFor({ state: 'attached', timeout: 20_000 });
    await ready?.(page);
    for (const { look, viewport, colorScheme } of LOOKS) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await violations(page), look).toEqual([]);
      expect(await overflow(page), look).toBe(0);
    }
    expect(complaints).toEqual({ errors: [], foreign: [] });
  });

  test('is walked by arrow keys with one stop in the order of tabs, opened by Enter and closed by Escape', async () => {
    const { page } = await opened();
    const cell = (name: RegExp) => page.getByRole('button', { name });
    await cell(/^default\/bookinfo-details to default\/details-v1/).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('.mw-access td button[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('open')).toBe(CELL);
    const drawer = page.getByRole('dialog');
    await drawer.getByText('no rule of default/ratings-viewer allows it').waitFor();
    expect(await drawer.textContent()).toContain('meshwise get authorizationpolicy ratings-viewer -n default -o yaml');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('no');
  });

  test('keeps the heads of rows and columns in sight while it is scrolled', async () => {
    const { page } = await opened('', (answers) => {
      const names = Array.from({ length: 30 }, (_, index) => `server-${index}`);
      answers.view = access({ servers: names.map((name) => server(name, [0, 1, 2, 0, 3])) });
    });
    const head = page.getByRole('rowheader', { name: /plain text/ });
    await head.waitFor();
    await page.getByRole('button', { name: /^plain text to default\/server-29/ }).focus();
    const table = await page.locator('.mw-access').boundingBox();
    expect((await head.boundingBox())?.x).toBeCloseTo((table?.x ?? 0) + 1, 0);
  });

  test('is on a phone one server with its clients, and the server is in the address', async () => {
    const { page } = await opened('', undefined, { viewport: NARROW });
    await page.getByLabel('Who may call').selectOption('default/ratings-v1:9080');
    await expect.poll(() => new URL(page.url()).searchParams.get('server')).toBe('default/ratings-v1:9080');
    const items = page.locator('.mw-access-list li');
    expect(await items.count()).toBe(5);
    expect(await items.last().textContent()).toContain('it takes mutual TLS only');
    expect(await overflow(page)).toBe(0);
  });

  test('is found in the navigation and by its keys', async () => {
    const { page } = await opened('', undefined);
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.waitForURL(/\/$/);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL(/\/security$/);
    expect(await page.getByRole('link', { name: 'Security' }).first().getAttribute('aria-current')).toBe('page');
  });
});
