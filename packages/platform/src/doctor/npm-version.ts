import { lastWords, type RunCommand } from '../setup/run-command.ts';
import { type Check, ok, unknown, warning } from './check.ts';

const OLDEST_MAJOR = 10;

export function npmVersionCheck(run: RunCommand): Check {
  return {
    id: 'npm',
    title: 'npm',
    async run(signal) {
      const result = await run('npm', ['--version'], { signal });
      if (result.status === 'missing')
        return warning('not on PATH', 'Only installing needs npm: install it with Node.js.');
      const version = result.status === 'exited' && result.exitCode === 0 ? result.stdout.trim() : undefined;
      if (version === undefined) return unknown(lastWords(result));
      if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return ok(version);
      return warning(version, `Installing is tested with npm ${OLDEST_MAJOR} and newer: \`npm install --global npm\`.`);
    },
  };
}
