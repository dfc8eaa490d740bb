#!/usr/bin/env node
// Plain JavaScript without dependencies: it must run on any Node the machine has, to find the one Meshwise needs.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, '..', 'src', 'main.ts');
const node = pinnedNode(here);

if (node === undefined) {
  process.stderr.write(
    'error: the Node.js that Meshwise is pinned to is not installed\n  Run `npm install` in the root of the repository (with optional packages: not with --omit=optional).\n',
  );
  process.exitCode = 3;
} else if (realpathSync(process.execPath) === realpathSync(node)) {
  await import(pathToFileURL(program).href);
} else {
  runOn(node);
}

/** `node_modules/.bin/node` in this directory or the closest one above: npm put the platform package's program there. */
function pinnedNode(from) {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', '.bin', 'node');
    if (existsSync(candidate)) return candidate;
    if (dirname(directory) === directory) return undefined;
  }
}

function runOn(command) {
  const child = spawn(command, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`error: ${command} cannot be started: ${error.message}\n`);
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15);
  });
}
