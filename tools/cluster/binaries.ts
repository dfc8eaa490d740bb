/**
 * Real Kubernetes and real Istio as programs, built from their Go modules: no container, no download but from the Go
 * module proxy, with every module's checksum in go.sum. Ten minutes the first time, then out of the cache.
 */
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askGo, goVersion, runGo } from './go.ts';
import { BUILT, TOOL_MODULES, type ToolModule } from './tools.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

export interface ClusterBinaries {
  /** Folder with the programs and files of `BUILT`. */
  readonly directory: string;
}

export interface BuildOptions {
  readonly onProgress?: (message: string) => void;
}

/** The programs, built now when they are not in the cache yet. */
export async function ensureBinaries(options: BuildOptions = {}): Promise<ClusterBinaries> {
  const say = options.onProgress ?? (() => {});
  const directory = await cacheDirectory();
  if (await isComplete(directory)) return { directory };
  const building = `${directory}.building-${process.pid}`;
  await mkdir(building, { recursive: true });
  try {
    for (const module of TOOL_MODULES) await buildModule(module, building, say);
    await rm(directory, { recursive: true, force: true });
    await rename(building, directory);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return { directory };
}

/** `~/.cache/meshwise/cluster/<hash>`: another Go, another version of a module or another list of programs is another folder. */
async function cacheDirectory(): Promise<string> {
  const version = await goVersion(HERE);
  if (version === undefined) throw new Error('there is no `go` on PATH; Kubernetes and Istio are built with it');
  const hash = createHash('sha256').update(version);
  const sums = TOOL_MODULES.flatMap(({ folder }) => [`${folder}/go.mod`, `${folder}/go.sum`]);
  for (const file of [...sums, 'tools.ts']) {
    hash.update(await readFile(join(HERE, file)));
  }
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'meshwise', 'cluster', hash.digest('hex').slice(0, 16));
}

async function isComplete(directory: string): Promise<boolean> {
  const found = await Promise.allSettled(BUILT.map((name) => access(join(directory, name))));
  return found.every(({ status }) => status === 'fulfilled');
}

async function buildModule(module: ToolModule, directory: string, say: (message: string) => void): Promise<void> {
  const folder = join(HERE, module.folder);
  const startMs = Date.now();
  let downloads = 0;
  const count = (line: string) => {
    if (line.startsWith('go: downloading')) downloads += 1;
    if (downloads % 50 === 1 && line.startsWith('go: downloading')) say(`  ${downloads} modules fetched`);
  };
  await runGo(folder, ['mod', 'download', module.module], count);
  const [moduleFolder = '', version = ''] = (
    await askGo(folder, ['list', '-m', '-f', '{{.Dir}} {{.Version}}', module.module])
  ).split(' ');
  for (const [path, program] of Object.entries(module.programs)) {
    say(`building ${program} (${module.module} ${version}); minutes the first time …`);
    const values = Object.entries(module.values).map(
      ([name, value]) => `-X ${name}=${value.replace('$VERSION', version)}`,
    );
    const flags = ['-trimpath', `-tags=${module.tags.join(',')}`, '-ldflags', ['-s', '-w', ...values].join(' ')];
    await runGo(folder, ['build', ...flags, '-o', join(directory, program), path], count);
  }
  for (const [path, name] of Object.entries(module.files))
    await copyFile(join(moduleFolder, path), join(directory, name));
  say(`${module.module} built in ${Math.round((Date.now() - startMs) / 1000)} s`);
}
