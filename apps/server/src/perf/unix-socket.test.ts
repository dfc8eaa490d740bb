import { describe, expect, it } from 'vitest';
import { refuseUnixSocket } from './unix-socket.ts';

describe('load on a Unix socket', () => {
  it.each(['/var/run/docker.sock', '/home/a/.meshwise/run/proxies/a/admin.sock', '/tmp/link-to-anything'])(
    'does not come from the daemon: %s',
    (unixSocketPath) => {
      expect(() => refuseUnixSocket({ unixSocketPath })).toThrow(
        expect.objectContaining({ code: 'MW8001', details: expect.objectContaining({ field: 'load.unixSocketPath' }) }),
      );
    },
  );

  it('is the only load that is refused for it', () => {
    for (const load of [{}, { unixSocketPath: null }]) expect(() => refuseUnixSocket(load)).not.toThrow();
  });
});
