import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { NARROW, WIDE } from './browser.ts';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Runs axe-core inside the page. Evaluated rather than added as a script, which the page's policy rightly refuses. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(async () => {
    const axe: { run(): Promise<{ violations: Violation[] }> } = Reflect.get(window, 'axe');
    return (await axe.run()).violations;
  });
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

/** How every state is looked at. */
export const LOOKS = [
  { look: 'wide, light', viewport: WIDE, colorScheme: 'light' },
  { look: 'wide, dark', viewport: WIDE, colorScheme: 'dark' },
  { look: 'narrow, light', viewport: NARROW, colorScheme: 'light' },
  { look: 'narrow, dark', viewport: NARROW, colorScheme: 'dark' },
] as const;
