import { type Check, ok, warning } from './check.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** Only the tests of the web interface need a browser; people use their own. */
export function chromiumCheck(findOnPath: (name: string) => Promise<string | undefined>): Check {
  return {
    id: 'chromium',
    title: 'Chromium (only for tests)',
    async run() {
      for (const name of NAMES) {
        const path = await findOnPath(name);
        if (path !== undefined) return ok(path);
      }
      return warning('not on PATH', 'Tests of the web interface are skipped. Debian: `apt-get install chromium`.');
    },
  };
}
