// `npm start`: sets everything up and holds the local mesh with BookInfo on this terminal until Ctrl-C. Options of
// `meshwise up` may follow: npm start -- --gateway-port 8081
import { join } from 'node:path';
import { node, prepare, root } from './lib/prepare.mjs';
import { run } from './lib/run.mjs';

if (await prepare()) {
  const meshwise = join(root, 'apps', 'cli', 'bin', 'meshwise.mjs');
  process.exitCode = await run(node, [meshwise, 'up', '--sample', 'bookinfo', ...process.argv.slice(2)]);
} else {
  process.exitCode = 3;
}
