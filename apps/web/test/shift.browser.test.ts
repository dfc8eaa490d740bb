import { PATHS } from '@meshwise/api';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { LOOKS, violations } from './axe.ts';
import { hasChromium, loaded, overflow, useBrowser } from './browser.ts';
import { HANGS } from './daemon.ts';
import { HOSTILE } from './performance-fixtures.ts';
import { ShiftDaemon } from './shift-daemon.ts';
import { review, reviewsTarget, shiftView } from './shift-fixtures.ts';

const PLAN = '?target=default/reviews/0&split=v1:0,v2:0,v3:100';
const FAILED = {
  status: 503,
  body: { code: 'MW2006', message: 'MW2006: the disk is full', advice: 'Free some space.', details: {} },
};
const LONG = `${HOSTILE} ${'a-very-long-name-without-any-space-'.repeat(6)}`;

interface State {
  readonly name: string;
  readonly path: string;
  readonly shows: string;
  readonly set?: (shifts: ShiftDaemon) => void;
  readonly ready?: (page: Page) => Promise<void>;
}

const STATES: readonly State[] = [
  { name: 'the list', path: '/shifts', shows: 'the gate failed' },
  { name: 'the list, empty', path: '/shifts', set: (shifts) => (shifts.shifts = []), shows: 'No traffic shifts yet' },
  { name: 'the list, nothing found', path: '/shifts?q=nothing', shows: 'Clear filters' },
  { name: 'the list, failing', path: '/shifts', set: (shifts) => (shifts.always = FAILED), shows: 'the disk is full' },
  {
    name: 'the list, loading',
    path: '/shifts',
    set: (shifts) => (shifts.always = { status: HANGS, body: null }),
    shows: 'Loading shifts',
  },
  { name: 'targets', path: '/shifts/new/target', shows: 'no VirtualService routes it' },
  {
    name: 'targets, none',
    path: '/shifts/new/target',
    set: (shifts) => (shifts.targets = []),
    shows: 'Nothing to shift',
  },
  {
    name: 'the split',
    path: `/shifts/new/split${PLAN}&testers=cookie&mirrorVersion=v3`,
    shows: 'The name of the cookie',
  },
  { name: 'the plan', path: `/shifts/new/plan${PLAN}&p99=fast`, shows: 'A time with its unit' },
  { name: 'the review', path: `/shifts/new/review${PLAN}`, shows: 'Shift 10 % to v3' },
  {
    name: 'the review of what cannot begin',
    path: `/shifts/new/review${PLAN}`,
    set: (shifts) => (shifts.review = review({ obstacles: [LONG], managedBy: LONG, spec: shiftView().spec })),
    shows: 'Cannot begin',
  },
  { name: 'the review of nothing', path: '/shifts/new/review?target=default/reviews/0', shows: 'Give a version more' },
  {
    name: 'a shift that goes on',
    path: '/shifts/live/default/reviews-v3',
    shows: 'insufficient data: 41 of 200 requests',
    ready: (page) => page.getByText('What they do').click(),
  },
  { name: 'a shift as tables', path: '/shifts/live/default/reviews-v3?as=table', shows: 'Failed requests' },
  {
    name: 'a shift that nothing was measured of',
    path: '/shifts/live/default/reviews-v3',
    set: (shifts) => {
      shifts.points = [];
      shifts.shifts = [
        shiftView({ phase: 'Pending', step: -1, before: null, versions: [], checks: [], message: LONG, log: [] }),
      ];
    },
    shows: 'No curves',
  },
  { name: 'a shift that is over', path: '/shifts/live/default/reviews-v2', shows: 'back here' },
  { name: 'a shift that is not there', path: '/shifts/live/default/gone', shows: 'there is no TrafficShift' },
];

describe.skipIf(!hasChromium)('shifting traffic, in Chromium (apt-get install chromium)', () => {
  const open = useBrowser();
  const opened = async (path: string, set?: (shifts: ShiftDaemon) => void) => {
    const shifts = new ShiftDaemon();
    set?.(shifts);
    const result = await open(path, { reducedMotion: 'reduce', prepare: (daemon) => shifts.attach(daemon) });
    await loaded(result.page);
    return { ...result, shifts };
  };

  test.each(STATES)('$name has no violations, wide and narrow, light and dark', async ({ path, set, shows, ready }) => {
    const { page, complaints } = await opened(path, set);
    await page.getByText(shows, { exact: false }).first().waitFor({ state: 'attached' });
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

  test('goes from a route to a running shift by keyboard alone, each step with an address of its own', async () => {
    const { page, shifts } = await opened('/shifts/new/target');
    await page.getByRole('radio', { name: /reviews/ }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('link', { name: 'Choose the split' }).press('Enter');
    await page.waitForURL(/new\/split\?target=default\/reviews\/0/);
    await page.getByRole('button', { name: 'All to v3' }).press('Enter');
    await page.getByRole('slider', { name: /^v1/ }).press('ArrowRight');
    expect(await page.getByRole('spinbutton', { name: 'v3, percent' }).inputValue()).toBe('99');
    await page.getByRole('checkbox', { name: 'Lock v1' }).press('Space');
    await page.getByRole('link', { name: 'Plan the steps' }).press('Enter');
    await page.waitForURL(/new\/plan\?.*split=v1:1,v2:0,v3:99/);
    await page.getByRole('textbox', { name: 'p99 at most' }).fill('250ms');
    await page.getByRole('link', { name: 'Review', exact: true }).last().press('Enter');
    await page.waitForURL(/new\/review\?.*p99=250ms/);
    await page.getByRole('button', { name: /^Shift / }).press('Enter');
    await page.waitForURL(/live\/default\/reviews-v3$/);
    const drafted = shifts.asked.findLast(({ url }) => url.pathname === PATHS.shiftReview)?.body;
    expect(drafted).toMatchObject({
      draft: { spec: { steps: expect.any(Array), targetRef: { name: 'reviews', route: 0 } } },
    });
    const applied = shifts.asked.find(({ url }) => url.pathname === PATHS.apply)?.body;
    expect(applied).toEqual({ files: [{ name: 'shift.yaml', text: review().manifest }] });
  });

  test('keeps what was typed when one goes back, and when the address is opened elsewhere', async () => {
    const { page, daemon } = await opened(`/shifts/new/plan${PLAN}`);
    await page.getByRole('textbox', { name: 'Hold each step' }).fill('7m');
    await page.waitForURL(/hold=7m/);
    await page.goto(page.url().replace('/plan', '/split'));
    expect(page.url()).toContain(daemon.origin);
    expect(await page.getByRole('slider', { name: /^v3/ }).inputValue()).toBe('100');
    await page.getByRole('link', { name: 'Plan the steps' }).click();
    expect(await page.getByRole('textbox', { name: 'Hold each step' }).inputValue()).toBe('7m');
  });

  test('does not offer a route that cannot be shifted, and says why', async () => {
    const busy = reviewsTarget({ shift: 'default/other' });
    const { page } = await opened(
      '/shifts/new/target',
      (shifts) => (shifts.targets = [busy, ...shifts.targets.slice(1)]),
    );
    await page.getByText('the shift default/other is at work on it').waitFor();
    expect(await page.getByRole('radio', { disabled: true }).count()).toBe(2);
    expect(await page.getByRole('link', { name: 'Choose the split' }).count()).toBe(0);
  });

  test('reviews an edited manifest instead of the form, says so, and finds back', async () => {
    const { page, shifts } = await opened(`/shifts/new/review${PLAN}`);
    const field = page.getByRole('textbox', { name: 'TrafficShift, as YAML' });
    await field.fill('kind: TrafficShift\n');
    await page.getByText('You edited the manifest').waitFor();
    await expect.poll(() => shifts.asked.at(-1)?.body).toEqual({ manifest: 'kind: TrafficShift\n' });
    await page.getByRole('button', { name: 'Back to the form' }).click();
    expect(await field.inputValue()).toBe(review().manifest);
  });

  test('cannot be started as long as something keeps it from beginning', async () => {
    const obstacles = ['version v3: no DestinationRule defines subset v3 of reviews'];
    const { page } = await opened(`/shifts/new/review${PLAN}`, (shifts) => (shifts.review = review({ obstacles })));
    await page.getByText('Cannot begin: version v3').waitFor();
    expect(await page.getByRole('button', { name: /^Shift / }).isDisabled()).toBe(true);
  });

  test.each([
    ['Promote', 'promote'],
    ['Pause', 'pause'],
    ['Abort', 'abort'],
  ])('%s asks the daemon, and says before what it does', async (label, action) => {
    const { page, shifts } = await opened('/shifts/live/default/reviews-v3');
    const button = page.getByRole('button', { name: label, exact: true });
    expect(await button.getAttribute('title')).toMatch(/\.$/);
    await button.press('Enter');
    await expect.poll(() => shifts.asked.find(({ method }) => method === 'POST')?.body).toEqual({ action });
    await page.getByText('What they do').click();
    await page.getByText(`meshwise shift ${action} reviews-v3 -n default`).waitFor();
  });

  test('shows unknown as unknown: no latency yet is a dash with its reason', async () => {
    const { page } = await opened('/shifts/live/default/reviews-v3');
    const row = page.getByRole('table', { name: 'Versions' }).getByRole('row', { name: /^v3/ });
    expect(await row.textContent()).toContain('unknown: Envoy hands latencies over every few seconds');
    expect(await row.textContent()).toContain('10.6 %');
  });
});
