import { type Check, failed, ok, warning } from './check.ts';

const MEGABYTE = 1 << 20;
/** The daemon and one proxy. */
const NEEDED_BYTES = 400 * MEGABYTE;
/** BookInfo: seven programs, seven proxies, a gateway and the daemon. */
const COMFORTABLE_BYTES = 1500 * MEGABYTE;

/** `availableBytes`: what may still be used before the machine or its control group runs out. */
export function memoryCheck(availableBytes: () => number): Check {
  return {
    id: 'memory',
    title: 'Memory',
    run() {
      const bytes = availableBytes();
      const found = `${Math.floor(bytes / MEGABYTE)} MB available`;
      if (bytes >= COMFORTABLE_BYTES) return ok(found);
      if (bytes >= NEEDED_BYTES)
        return warning(found, 'Start small, with `meshwise up --sample none`, or end other programs.');
      return failed(found, 'End other programs, or raise the limit of the container.');
    },
  };
}
