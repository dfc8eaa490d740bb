import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SANDBOX_PATH } from '@meshwise/platform';
import type { TestMesh } from './mesh.ts';

/** How the daemon has started a program (packages/platform/launcher/sandbox.py, `run`). */
export interface RunSpecification {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * Runs JavaScript in the mesh's namespace, where the proxies are, with all rights: the strongest neighbour that a
 * workload can have. What the script logs is read as JSON.
 */
export async function inMesh(mesh: TestMesh, script: string): Promise<unknown> {
  const holder = join(mesh.home, 'run/processes/mesh-namespaces.json');
  const { pid } = JSON.parse(await readFile(holder, 'utf8')) as { pid: number };
  return run({ anchorPid: pid, mounts: [], masked: [], argv: [process.execPath, '-e', script], env: {}, cwd: '/' });
}

/** Runs JavaScript exactly where the pod's own Node program runs: its namespaces with all mounts, its user, its environment. */
export async function asProgram(mesh: TestMesh, podUid: string, script: string): Promise<unknown> {
  const records = join(mesh.home, 'run/processes');
  const record = (await readdir(records)).find((name) => name.startsWith(`program-${podUid}-`));
  if (record === undefined) throw new Error(`no program of pod ${podUid} runs`);
  const { pid } = JSON.parse(await readFile(join(records, record), 'utf8')) as { pid: number };
  const uid = Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
  const variables = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter(Boolean);
  const env = Object.fromEntries(variables.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  const argv = [`/proc/${pid}/exe`, '-e', script];
  return run({ anchorPid: pid, uid, capabilities: [], mounts: [], masked: [], argv, env, cwd: '/' });
}

async function run(specification: RunSpecification): Promise<unknown> {
  const directory = await mkdtemp('/tmp/mw-run-');
  const path = join(directory, 'spec.json');
  await writeFile(path, JSON.stringify(specification), { mode: 0o600 });
  try {
    const output = await new Promise<string>((resolve, reject) => {
      execFile('python3', ['-B', SANDBOX_PATH, 'run', `@${path}`], { timeout: 30_000 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${error.message}\n${stderr}`));
      });
    });
    return JSON.parse(output);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A script that asks by plain HTTP: `{status, body}`, or `{error}`. */
export function plainRequest(host: string, port: number, path: string): string {
  return `require('node:http').get({ host: '${host}', port: ${port}, path: '${path}', agent: false, timeout: 8000 }, (r) => {
      let body = ''; r.on('data', (d) => { body += d; });
      r.on('end', () => console.log(JSON.stringify({ status: r.statusCode, body })));
    }).on('timeout', function () { this.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })); })
      .on('error', (e) => console.log(JSON.stringify({ error: e.code ?? String(e) })));`;
}

/** A script that asks by TLS, with a certificate or without: `{status}` as a number, or `{error}`. */
export function tlsRequest(
  host: string,
  port: number,
  path: string,
  pair?: { readonly certificateChainPem: string; readonly privateKeyPem: string },
): string {
  const credentials = pair === undefined ? {} : { cert: pair.certificateChainPem, key: pair.privateKeyPem };
  const options = { host, port, rejectUnauthorized: false, ALPNProtocols: ['istio', 'http/1.1'], ...credentials };
  return `let said = ''; const s = require('node:tls').connect(${JSON.stringify(options)});
    const end = (answer) => { console.log(JSON.stringify(answer)); process.exit(0); };
    s.on('secureConnect', () => s.write('GET ${path} HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n\\r\\n'));
    s.on('data', (d) => { said += d; });
    s.on('error', (e) => end({ error: e.code ?? String(e) }));
    s.on('close', () => { const status = /^HTTP\\/1\\.1 (\\d+)/.exec(said)?.[1]; end(status ? { status: Number(status) } : { error: 'CLOSED' }); });
    setTimeout(() => end({ error: 'TIMEOUT' }), 8000);`;
}
