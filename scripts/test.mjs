// `npm test`: sets everything up, then types, lint and all tests. Arguments go to Vitest: npm test -- packages/core
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, prepare, root } from './lib/prepare.mjs';
import { run, runNpm } from './lib/run.mjs';
import { countsOf, summaryLine } from './lib/summary.mjs';

const timings = [];

async function step(name, work) {
  process.stderr.write(`\n── ${name}\n`);
  const startMs = performance.now();
  const code = await work();
  timings.push(`${name} ${((performance.now() - startMs) / 1000).toFixed(1)} s${code === 0 ? '' : ' FAILED'}`);
  return code;
}

async function runTests() {
  const directory = mkdtempSync(join(tmpdir(), 'meshwise-test-'));
  const report = join(directory, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const code = await step('tests', () =>
      run(node, [vitest, 'run', ...reporters, ...process.argv.slice(2)], { cwd: root }),
    );
    return countsOf(readReport(report), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

async function setUp() {
  if (!(await prepare())) return 3;
  return run(node, [join(root, 'scripts', 'set-up-envoy.ts')], { cwd: root });
}

async function main() {
  if ((await step('set-up', setUp)) !== 0) return { passed: 0, failed: 1, skipped: [] };
  // All steps run, whatever fails: one run tells everything.
  const types = await step('types', () => runNpm(['run', '--silent', 'types'], { cwd: root }));
  const lint = await step('lint', () => runNpm(['run', '--silent', 'lint'], { cwd: root }));
  const counts = await runTests();
  // A failed check is a failure like any other: the last line must not say otherwise.
  return { ...counts, failed: counts.failed + (types === 0 ? 0 : 1) + (lint === 0 ? 0 : 1) };
}

const counts = await main();
process.stdout.write(`\n${timings.join(', ')}\n`);
for (const name of counts.skipped) process.stdout.write(`skipped: ${name}\n`);
const skippedInCi = process.env.CI === 'true' && counts.skipped.length > 0;
if (skippedInCi) process.stdout.write('With CI=true nothing may be skipped.\n');
process.stdout.write(`${summaryLine(counts)}\n`);
process.exitCode = counts.failed > 0 || skippedInCi ? 1 : 0;
