import { sep } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import type { Container } from '@meshwise/resources';

/** Paths from which loaders and interpreters take code, with why. A volume there would replace the code of the program. */
const CODE_PATHS: readonly (readonly [path: string, why: string])[] = [
  ['/opt/meshwise', 'holds the program of the image catalogue'],
  ['/bin', 'holds interpreters'],
  ['/sbin', 'holds interpreters'],
  ['/lib', 'holds shared libraries'],
  ['/lib32', 'holds shared libraries'],
  ['/lib64', 'holds shared libraries'],
  ['/usr/bin', 'holds interpreters'],
  ['/usr/sbin', 'holds interpreters'],
  ['/usr/lib', 'holds shared libraries and modules'],
  ['/usr/lib32', 'holds shared libraries'],
  ['/usr/lib64', 'holds shared libraries'],
  ['/usr/local/bin', 'holds interpreters'],
  ['/usr/local/lib', 'holds shared libraries and modules'],
  ['/etc/ld.so.preload', 'names libraries that every program loads (ld.so(8))'],
  ['/etc/ld.so.cache', 'says where libraries are (ld.so(8))'],
  ['/etc/ssl/openssl.cnf', 'names modules that OpenSSL loads (config(5ssl))'],
  ['/proc', 'is the kernel’s'],
  ['/sys', 'is the kernel’s'],
];
/** Folders in which interpreters look for modules, wherever they are. */
const MODULE_FOLDERS = ['node_modules', 'site-packages', 'dist-packages'];

/** Throws MW3011 for a mount that would put a manifest's content where the program's code comes from. */
export function refuseCodeMounts(container: Container): void {
  for (const { mountPath } of container.volumeMounts ?? []) {
    const why = reason(mountPath);
    if (why === undefined) continue;
    throw new MeshwiseError('MW3011', `Container ${container.name} mounts a volume on ${mountPath}, which ${why}`, {
      field: 'volumeMounts',
      found: mountPath,
    });
  }
}

function reason(mountPath: string): string | undefined {
  const parts = mountPath.split(sep).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return 'is not a plain path';
  const path = `/${parts.join('/')}`;
  const within = (inner: string, outer: string) =>
    inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`);
  if (parts.some((part) => MODULE_FOLDERS.includes(part))) return 'holds modules';
  // Folders that contain /opt/meshwise alone may be mounted on: the program is put there after them.
  return CODE_PATHS.find(
    ([code]) => within(path, code) || (code !== '/opt/meshwise' && within(code, path)) || path === '/',
  )?.[1];
}
