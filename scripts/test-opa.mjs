// `npm run test:opa`: the sample of external authorization with the real Open Policy Agent, which is built from its Go module.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './lib/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const config = join(root, 'tests', 'opa', 'vitest.config.ts');
process.exitCode = await run(join(bin, 'node'), [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--config',
  config,
  ...process.argv.slice(2),
]);
