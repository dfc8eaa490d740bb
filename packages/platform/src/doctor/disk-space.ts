import { type Check, failed, ok, warning } from './check.ts';

const MEGABYTE = 1 << 20;
/** Envoy packed and unpacked. */
const NEEDED_BYTES = 300 * MEGABYTE;
/** Room for logs and recorded results of a few weeks. */
const COMFORTABLE_BYTES = 1024 * MEGABYTE;

/** `freeBytes`: what an unprivileged user may still write on the file system of the path, or of its nearest parent. */
export function diskSpaceCheck(
  id: string,
  title: string,
  path: string,
  freeBytes: (path: string) => Promise<number>,
): Check {
  return {
    id,
    title,
    async run() {
      const bytes = await freeBytes(path);
      const found = `${Math.floor(bytes / MEGABYTE)} MB free for ${path}`;
      if (bytes >= COMFORTABLE_BYTES) return ok(found);
      const advice = 'Free some space, or move the directory with MESHWISE_HOME or XDG_CACHE_HOME.';
      return bytes >= NEEDED_BYTES ? warning(found, advice) : failed(found, advice);
    },
  };
}
