import { chown, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import type { Container, PodSpec, Resource, Volume } from '@meshwise/resources';
import type { VolumeMount } from '../capture/capture.ts';
import { checkedSubPath, resolveSubPath } from './sub-path.ts';

export interface VolumeSources {
  configMap(name: string): Promise<Resource | undefined>;
  secret(name: string): Promise<Resource | undefined>;
}

export interface VolumeContext {
  /** Folder of the pod's volumes. */
  readonly directory: string;
  readonly sources: VolumeSources;
  /** Owner of what the program may write; undefined when it is the daemon's own user. */
  readonly uid: number | undefined;
}

/**
 * Makes the folder of each volume. ConfigMaps and Secrets are written again whenever this is called, file by file and
 * atomically, so that a running program sees changes as it does in Kubernetes. Throws MW3303 for a volume it cannot make.
 */
export async function prepareVolumes(spec: PodSpec, context: VolumeContext): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const volume of spec.volumes ?? []) {
    const folder = join(context.directory, volume.name);
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await fill(volume, folder, context);
    folders.set(volume.name, folder);
  }
  return folders;
}

async function fill(volume: Volume, folder: string, context: VolumeContext): Promise<void> {
  if (volume.emptyDir !== undefined) {
    if (context.uid !== undefined) await chown(folder, context.uid, context.uid);
    return;
  }
  if (volume.configMap !== undefined) {
    const name = volume.configMap.name ?? '';
    const map = await context.sources.configMap(name);
    const files = { ...texts(map?.['data'], 'utf8'), ...texts(map?.['binaryData'], 'base64') };
    return project(files, map === undefined, volume.configMap, `ConfigMap ${name}`, folder, context);
  }
  if (volume.secret !== undefined) {
    const name = volume.secret.secretName ?? '';
    const secret = await context.sources.secret(name);
    const files = { ...texts(secret?.['data'], 'base64'), ...texts(secret?.['stringData'], 'utf8') };
    return project(files, secret === undefined, volume.secret, `Secret ${name}`, folder, context);
  }
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'nothing';
  throw new MeshwiseError('MW3303', `volume ${volume.name} is of type ${kind}`, {
    found: kind,
    expected: 'emptyDir, configMap or secret',
  });
}

type Projection = { items?: readonly { key: string; path: string }[]; optional?: boolean; defaultMode?: number };

async function project(
  files: Readonly<Record<string, Buffer>>,
  missing: boolean,
  projection: Projection,
  what: string,
  folder: string,
  context: VolumeContext,
): Promise<void> {
  if (missing && projection.optional !== true) throw new MeshwiseError('MW3303', `${what} does not exist`);
  const wanted =
    projection.items?.map((item) => [item.key, item.path] as const) ??
    Object.keys(files).map((key) => [key, key] as const);
  const names = new Set<string>();
  for (const [key, path] of wanted) {
    const content = files[key];
    if (content === undefined) {
      if (projection.optional === true || missing) continue;
      throw new MeshwiseError('MW3303', `${what} has no key ${key}`);
    }
    if (normalize(path).startsWith('..')) throw new MeshwiseError('MW3303', `${what}: path ${path} leaves the volume`);
    names.add(normalize(path));
    await writeAtomically(join(folder, path), content, projection.defaultMode ?? 0o644, context.uid);
  }
  for (const name of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const relative = join(name.parentPath, name.name).slice(folder.length + 1);
    if (name.isFile() && !names.has(relative)) await rm(join(folder, relative), { force: true });
  }
}

async function writeAtomically(path: string, content: Buffer, mode: number, uid: number | undefined): Promise<void> {
  if (await isWritten(path, content, mode)) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(`${path}.new`, content, { mode });
  if (uid !== undefined) await chown(`${path}.new`, uid, uid);
  await rename(`${path}.new`, path);
}

/** Most calls change nothing, and programs that watch their files are to hear of changes alone. */
async function isWritten(path: string, content: Buffer, mode: number): Promise<boolean> {
  try {
    return ((await lstat(path)).mode & 0o777) === mode && content.equals(await readFile(path));
  } catch {
    return false;
  }
}

function texts(data: unknown, encoding: 'utf8' | 'base64'): Record<string, Buffer> {
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), encoding)]));
}

/**
 * Where each of a container's volumes appears; ConfigMaps and Secrets cannot be written to, as in Kubernetes. Throws MW3303 for
 * a mount of a volume that the pod does not declare, or of a path that leaves it.
 */
export function containerMounts(
  spec: PodSpec,
  container: Container,
  folders: ReadonlyMap<string, string>,
): readonly VolumeMount[] {
  return (container.volumeMounts ?? []).map((mount) => {
    const source = folders.get(mount.name);
    if (source === undefined) {
      throw new MeshwiseError(
        'MW3303',
        `container ${container.name} mounts volume ${mount.name}, which the pod does not declare`,
      );
    }
    const subPath = checkedSubPath(mount.subPath);
    const written = spec.volumes?.find((volume) => volume.name === mount.name)?.emptyDir !== undefined;
    return {
      source,
      ...(subPath === undefined ? {} : { subPath }),
      target: mount.mountPath,
      readOnly: !written || (mount.readOnly ?? false),
    };
  });
}

/** For captures that mount nothing: `MESHWISE_VOLUME_<NAME>` holds each volume's folder. */
export function volumeVariables(mounts: readonly VolumeMount[], container: Container): Record<string, string> {
  return Object.fromEntries(
    (container.volumeMounts ?? []).map((mount, index) => {
      const { source = '', subPath } = mounts[index] ?? {};
      const name = mount.name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
      return [`MESHWISE_VOLUME_${name}`, resolveSubPath(source, subPath)];
    }),
  );
}
