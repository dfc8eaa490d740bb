import { describe, expect, it } from 'vitest';
import { refuseCodeMounts } from './code-paths.ts';

const mount = (mountPath: string) => () => refuseCodeMounts({ name: 'app', volumeMounts: [{ name: 'v', mountPath }] });

describe('where a manifest may mount a volume', () => {
  it.each([
    '/',
    '/etc',
    '/etc/ld.so.preload',
    '/usr',
    '/usr/lib/x',
    '/opt/meshwise/program',
    '/srv/node_modules/x',
    '/tmp/../lib',
  ])('is not %s, from which code is taken', (path) =>
    expect(mount(path)).toThrow(expect.objectContaining({ code: 'MW3011' })),
  );

  it.each(['/tmp', '/opt/ibm/wlp/output', '/etc/config', '/var/lib/data', '/etc/ssl/certs', '/usr/share/nginx/html'])(
    'is %s',
    (path) => expect(mount(path)).not.toThrow(),
  );
});
