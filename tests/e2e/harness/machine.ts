import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probeSandbox, type SandboxProbe } from '@meshwise/platform';
import { envoyPath } from '../../../packages/xds/src/testing/envoy-path.ts';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
export const ENVOY = envoyPath();
export const IS_ROOT = process.getuid?.() === 0;
/** An unprivileged user that every Linux has (nobody). */
export const NOBODY_ID = 65_534;

/** True when network namespaces, mounts and the redirect work for the user of this process, tried for real. */
export async function canCapture(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const probe = await probeSandbox('python3').catch(() => undefined);
  return probe !== undefined && works(probe);
}

/** True when root can become `nobody` and `nobody` can read the checkout and make network namespaces. */
export function canCaptureAsNobody(): boolean {
  if (process.platform !== 'linux' || !IS_ROOT || !isOnPath('setpriv')) return false;
  if (!isOpenToAll(join(ROOT, 'package.json')) || !isOpenToAll(process.execPath)) return false;
  try {
    const launcher = join(ROOT, 'packages/platform/launcher/sandbox.py');
    const argv = asNobody([systemPython(), '-B', launcher, 'probe']);
    return works(JSON.parse(execFileSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8', cwd: '/' })));
  } catch {
    return false;
  }
}

/** The command, run by an unprivileged user without any capability. */
export function asNobody(argv: readonly string[]): readonly string[] {
  const id = String(NOBODY_ID);
  return ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--inh-caps=-all', ...argv];
}

/** Python of the system: one that a version manager keeps under root's home is of no use to others. */
export function systemPython(): string {
  const found = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => existsSync(path));
  return found ?? 'python3';
}

export function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}

function isOpenToAll(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === '/') return (statSync(path).mode & 0o004) !== 0;
  }
}

function works(probe: SandboxProbe): boolean {
  return probe.networkNamespace === true && probe.mounts === true && probe.redirect === true;
}
