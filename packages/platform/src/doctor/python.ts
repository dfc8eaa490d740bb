import { CATALOGUE } from '@meshwise/core';
import { findPip, findPython } from '../setup/python-tools.ts';
import type { RunCommand } from '../setup/run-command.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** Python starts workloads in their namespaces and its pip fetches Envoy. */
export function pythonCheck(run: RunCommand): Check {
  return {
    id: 'python',
    title: 'Python 3 and pip',
    async run(signal) {
      const python = await findPython(run, { signal });
      if (python === undefined) return failed('no Python 3 on PATH', CATALOGUE.MW3050.advice, 'MW3050');
      const pip = await findPip(python, run, { signal });
      if (pip !== undefined) return ok(`Python ${python.version}, pip ${pip.version}`);
      return { ...warning(`Python ${python.version} without pip`, CATALOGUE.MW3051.advice), code: 'MW3051' };
    },
  };
}
