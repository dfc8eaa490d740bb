/** Open Policy Agent as a program, built from its Go module as the programs of tools/cluster are: minutes the first time, then out of the cache. */
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goVersion, runGo } from '../cluster/go.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MODULE = 'github.com/open-policy-agent/opa';

/** Its path, `~/.cache/meshwise/opa/<hash>/opa`: another Go or another version is another folder. */
export async function ensureOpa(say: (message: string) => void = () => {}): Promise<string> {
  const version = await goVersion(HERE);
  if (version === undefined) throw new Error('there is no `go` on PATH; Open Policy Agent is built with it');
  const hash = createHash('sha256').update(version);
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(HERE, file)));
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const path = join(cache, 'meshwise', 'opa', hash.digest('hex').slice(0, 16), 'opa');
  const isBuilt = await access(path).then(
    () => true,
    () => false,
  );
  if (isBuilt) return path;
  await mkdir(dirname(path), { recursive: true });
  const building = `${path}.building-${process.pid}`;
  say(`building ${MODULE}; minutes the first time …`);
  try {
    // Without what reads rules from registries of images, which no test does.
    await runGo(
      HERE,
      ['build', '-trimpath', '-tags=opa_no_oci', '-ldflags', '-s -w', '-o', building, MODULE],
      () => {},
    );
    await rename(building, path);
  } finally {
    await rm(building, { force: true });
  }
  return path;
}
