/** Where an Envoy for tests is: $MESHWISE_ENVOY, the unpacked wheel in the cache, or PATH; undefined when nowhere. */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export function envoyPath(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const cache = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const unpacked = join(cache, 'meshwise', 'envoy-1.40.0', 'envoy');
  const candidates = [
    environment['MESHWISE_ENVOY'],
    unpacked,
    join(unpacked, '_bin', 'envoy'),
    ...(environment['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'envoy')),
  ];
  return candidates.find((path) => path !== undefined && path !== '' && isExecutableFile(path));
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
