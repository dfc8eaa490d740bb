// `npm run bench`: measures. `npm run bench -- NAME` runs one bench, `--small` only shows that it works; see bench/README.md.
// Plain JavaScript that goes on in the Node.js of the platform package, whatever the machine has.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './lib/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules', '.bin', 'node');

if (existsSync(node)) {
  process.exitCode = await run(node, [join(root, 'bench', 'src', 'main.ts'), ...process.argv.slice(2)], { cwd: root });
} else {
  process.stderr.write('error: the packages are not installed; run `npm install` first\n');
  process.exitCode = 3;
}
