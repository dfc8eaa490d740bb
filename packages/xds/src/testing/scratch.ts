/** An Envoy that only validates, for tests; the platform has the one of daemons. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScratchAnswer, ScratchEnvoy } from '../validate/verdicts.ts';

export interface TestScratch {
  readonly ask: ScratchEnvoy;
  /** How often an Envoy was started. */
  readonly starts: () => number;
}

export function testScratch(envoy: string, directory: string): TestScratch {
  let starts = 0;
  return {
    starts: () => starts,
    ask(bootstrap) {
      starts += 1;
      const path = join(directory, `scratch-${starts}.pb`);
      writeFileSync(path, bootstrap, { mode: 0o600 });
      return new Promise<ScratchAnswer>((resolve) => {
        const args = ['--mode', 'validate', '-c', path, '--log-level', 'critical'];
        execFile(envoy, args, { timeout: 3_000, killSignal: 'SIGKILL' }, (error, _, stderr) => {
          const message = stderr.slice(stderr.indexOf(path) + path.length + 3).trim() || String(error);
          resolve(error === null ? { status: 'accepted' } : { status: 'refused', message });
        });
      });
    },
  };
}
