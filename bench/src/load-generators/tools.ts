import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Where a program comes from. Packages of the system are never installed from here. */
export type Source =
  | { readonly kind: 'go'; readonly module: string; readonly version: string }
  | { readonly kind: 'cargo'; readonly version: string }
  | { readonly kind: 'system'; readonly debianPackage: string };

export const SOURCES = {
  wrk: { kind: 'system', debianPackage: 'wrk' },
  h2load: { kind: 'system', debianPackage: 'nghttp2-client' },
  fortio: { kind: 'go', module: 'fortio.org/fortio', version: 'v1.68.0' },
  k6: { kind: 'go', module: 'go.k6.io/k6', version: 'v1.8.1' },
  hey: { kind: 'go', module: 'github.com/rakyll/hey', version: 'v0.1.4' },
  vegeta: { kind: 'go', module: 'github.com/tsenart/vegeta/v12', version: 'v12.12.0' },
  oha: { kind: 'cargo', version: '1.9.0' },
} as const satisfies Readonly<Record<string, Source>>;
export type ToolName = keyof typeof SOURCES;

export type Found = { readonly path: string } | { readonly missing: string };

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshwise-bench');
const run = promisify(execFile);

/** The path of a generator, built into the cache if it is not there yet, which takes minutes once; or why there is none. */
export async function findTool(name: ToolName, log: (text: string) => void): Promise<Found> {
  const source: Source = SOURCES[name];
  if (source.kind === 'system') {
    const path = await firstThatExists((process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, name)));
    return path === undefined ? { missing: `not installed: apt-get install ${source.debianPackage}` } : { path };
  }
  const path = join(CACHE, 'bin', name);
  if ((await firstThatExists([path])) !== undefined) return { path };
  log(`building ${name}`);
  try {
    await mkdir(join(CACHE, 'bin'), { recursive: true });
    if (source.kind === 'go') await buildModule(`${source.module}@${source.version}`, path);
    else await run('cargo', ['install', name, '--version', source.version, '--locked', '--root', CACHE]);
    return { path };
  } catch (error) {
    return { missing: reason(error) };
  }
}

/** Our own server, built anew each time; it is one file. */
export async function buildSink(sourcePath: string): Promise<Found> {
  const path = join(CACHE, 'sink');
  try {
    await mkdir(CACHE, { recursive: true });
    await run('gcc', ['-O2', '-Wall', '-Wextra', '-o', path, sourcePath]);
    return { path };
  } catch (error) {
    return { missing: `a C compiler (gcc) is needed for the server: ${reason(error)}` };
  }
}

/** As `go install`, which asks the proxy for more than the one version that is wanted. */
async function buildModule(module: string, path: string): Promise<void> {
  const { stdout } = await run('go', ['mod', 'download', '-json', module]);
  const { Dir } = JSON.parse(stdout) as { readonly Dir: string };
  await run('go', ['build', '-o', path, '.'], { cwd: Dir });
}

async function firstThatExists(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  return undefined;
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
