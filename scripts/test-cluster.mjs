// `npm run test:cluster`: the same resources and requests through Envoy under istiod and under ours; see docs/oracle.md.
// Builds Kubernetes and Istio the first time, then goes on in a network of its own, where pods' addresses are this machine's.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './lib/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules', '.bin', 'node');
const cluster = join(root, 'tests', 'cluster');

const PRIVATE = ['--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
const ADDRESSES = ['10.244.0.0/16', '10.96.0.0/16', '240.240.0.0/16'];

async function main() {
  if (!existsSync(node)) return fail('the packages are not installed; run `npm install` first');
  if (process.getuid?.() !== 0) return fail('this needs root: it makes network namespaces with addresses of their own');
  const built = await run(node, [join(root, 'tools', 'cluster', 'build.ts')], { cwd: root });
  if (built !== 0) return built;
  const directory = mkdtempSync(join(tmpdir(), 'mw-hosts-'));
  try {
    const hosts = join(directory, 'hosts');
    const written = await run(node, [join(cluster, 'programs', 'hosts.ts'), hosts], { cwd: root });
    if (written !== 0) return written;
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const tests = [node, vitest, 'run', '--config', join(cluster, 'vitest.config.ts'), ...process.argv.slice(2)];
    const inside = [
      'python3',
      join(cluster, 'programs', 'namespace.py'),
      '--hosts',
      hosts,
      ...ADDRESSES,
      '--',
      ...tests,
    ];
    return await run('unshare', [...PRIVATE, ...inside], { cwd: root });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function fail(text) {
  process.stderr.write(`error: ${text}\n`);
  return 3;
}

process.exitCode = await main();
