import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Daemon } from './daemon.ts';
import { bookinfo } from './fixtures.ts';

const EXECUTABLE = process.env['MESHWISE_CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const WEB = join(import.meta.dirname, '..');

export const hasChromium = existsSync(EXECUTABLE);

/** What a page asked for or complained about that it should not have. */
export interface Complaints {
  readonly errors: string[];
  readonly foreign: string[];
}

export interface Opened {
  readonly page: Page;
  readonly daemon: Daemon;
  readonly complaints: Complaints;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Prepares the daemon before the page asks it for anything. */
  readonly prepare?: (daemon: Daemon) => void;
}

/** One build and one browser per test file; one daemon and one context per opened page, closed after each test. */
export function useBrowser(): (path: string, options?: OpenOptions) => Promise<Opened> {
  let browser: Browser;
  let dist: string;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    dist = await mkdtemp(join(tmpdir(), 'meshwise-web-'));
    // In a process of its own: the test runner's NODE_ENV would select React's development build.
    const command = [join(WEB, '../../node_modules/vite/bin/vite.js'), 'build', '--outDir', dist, '--logLevel', 'warn'];
    const environment = { ...process.env, NODE_ENV: 'production' };
    await promisify(execFile)(process.execPath, command, { cwd: WEB, env: environment });
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(async () => {
    await browser?.close();
    if (dist !== undefined) await rm(dist, { recursive: true });
  });
  return async (path, options = {}) => {
    const { prepare, ...contextOptions } = options;
    const daemon = new Daemon(dist, bookinfo(Date.now()));
    prepare?.(daemon);
    await daemon.listen();
    const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', ...contextOptions });
    closers.push(
      () => context.close(),
      () => daemon.close(),
    );
    const page = await context.newPage();
    const complaints = watch(page, daemon.origin);
    await page.goto(daemon.origin + path);
    return { page, daemon, complaints };
  };
}

export const WIDE = { width: 1280, height: 860 };
export const NARROW = { width: 390, height: 844 };

/** An HTTP status that the test itself made the daemon send is not the page's mistake. */
const EXPECTED = /Failed to load resource/;

function watch(page: Page, origin: string): Complaints {
  const complaints: Complaints = { errors: [], foreign: [] };
  page.on('pageerror', (error) => complaints.errors.push(error.message));
  page.on('console', (message) => {
    const bad = message.type() === 'error' || message.type() === 'warning';
    if (bad && !EXPECTED.test(message.text())) complaints.errors.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complaints.foreign.push(request.url());
  });
  return complaints;
}

/** Waits until a status is on the page. */
export async function loaded(page: Page): Promise<void> {
  await page.locator('#page-title').waitFor();
}

export function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}

export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
