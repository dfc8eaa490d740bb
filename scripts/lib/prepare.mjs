import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from './installed.mjs';
import { missingRequirements } from './requirements.mjs';
import { firstLine, runNpm } from './run.mjs';
import { hashOf, sourcesOf } from './stamp.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Node 24 of the platform package; there after the installation. */
export const node = join(root, 'node_modules', '.bin', 'node');

/** Checks the machine, installs packages and builds the page, each only when needed. False when that failed. */
export async function prepare() {
  return checkMachine() && (await install()) && (await buildPage());
}

function checkMachine() {
  // npm tells its own version to what it runs; asking it again takes a third of a second.
  const npm = /npm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ?? firstLine('npm', ['--version']);
  const missing = missingRequirements({
    node: process.version,
    npm,
    python: firstLine('python3', ['--version']),
    ownEnvoy: (process.env.MESHWISE_ENVOY ?? '') !== '',
  });
  for (const text of missing) process.stderr.write(`error: ${text}\n`);
  return missing.length === 0;
}

async function install() {
  if (isInstalled(root)) return true;
  process.stderr.write('Installing npm packages …\n');
  // `ci` where there is nothing yet; else only what differs, and never a changed lock file.
  const args = existsSync(join(root, 'node_modules')) ? ['install', '--no-save'] : ['ci'];
  if ((await runNpm(args, { cwd: root })) !== 0)
    return fail('npm could not install the packages; see its messages above.');
  if (!existsSync(node))
    return fail('there is no Node.js 24 for this platform among the packages, or npm left out optional ones.');
  return true;
}

async function buildPage() {
  const stampFile = join(root, 'node_modules', '.cache', 'meshwise', 'page.stamp');
  const stamp = hashOf(root, [...sourcesOf(root, 'apps/web'), 'package-lock.json']);
  const built = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (built === stamp && existsSync(join(root, 'apps', 'web', 'dist', 'index.html'))) return true;
  process.stderr.write('Building the web page …\n');
  if ((await runNpm(['run', '--silent', 'build', '-w', 'apps/web', '--', '--logLevel', 'error'], { cwd: root })) !== 0)
    return fail('the web page could not be built.');
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
  return true;
}

function fail(text) {
  process.stderr.write(`error: ${text}\n`);
  return false;
}
