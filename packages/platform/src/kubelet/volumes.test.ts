import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '@meshwise/resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { containerMounts, prepareVolumes, volumeVariables } from './volumes.ts';

let directory: string;
let configMap: Resource | undefined;
let secret: Resource | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'volumes-'));
  const metadata = { name: 'it', namespace: 'default' };
  configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'a.conf': 'one', b: 'two' },
    binaryData: { c: 'AAE=' },
  };
  secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { password: Buffer.from('s3cret').toString('base64') } };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function prepare(volume: Record<string, unknown>) {
  const spec = { containers: [], volumes: [{ name: 'v', ...volume }] };
  const sources = { configMap: async () => configMap, secret: async () => secret };
  return prepareVolumes(spec, { directory, sources, uid: undefined });
}
const content = (name: string) => readFile(join(directory, 'v', name), 'utf8');

describe('volumes', () => {
  it('hold what a ConfigMap holds, text and binary, and follow its changes', async () => {
    await prepare({ configMap: { name: 'it' } });
    expect(await content('a.conf')).toBe('one');
    expect([...(await readFile(join(directory, 'v', 'c')))]).toEqual([0, 1]);
    configMap = { ...(configMap as Resource), data: { 'a.conf': 'changed' }, binaryData: {} };
    await prepare({ configMap: { name: 'it' } });
    expect(await content('a.conf')).toBe('changed');
    expect(await readdir(join(directory, 'v'))).toEqual(['a.conf']);
  });

  it('hold the decoded values of a Secret, with the mode asked for', async () => {
    await prepare({ secret: { secretName: 'it', defaultMode: 0o400 } });
    expect(await content('password')).toBe('s3cret');
    expect((await stat(join(directory, 'v', 'password'))).mode & 0o777).toBe(0o400);
  });

  it('hold only the keys that are listed, at the paths given', async () => {
    await prepare({ configMap: { name: 'it', items: [{ key: 'b', path: 'sub/dir/file' }] } });
    expect(await readdir(join(directory, 'v'))).toEqual(['sub']);
    expect(await content('sub/dir/file')).toBe('two');
  });

  it.each([
    ['a ConfigMap that is missing', { configMap: { name: 'it' } }, 'ConfigMap it does not exist'],
    ['a Secret that is missing', { secret: { secretName: 'it' } }, 'Secret it does not exist'],
    ['a type that this machine does not have', { nfs: {} }, 'volume v is of type nfs'],
  ])('say what is wrong with %s', async (_case, volume, message) => {
    configMap = undefined;
    secret = undefined;
    await expect(prepare(volume)).rejects.toMatchObject({ code: 'MW3303', summary: message });
  });

  it('say which key is missing, and refuse a path that leaves the volume', async () => {
    const item = (key: string, path: string) => prepare({ configMap: { name: 'it', items: [{ key, path }] } });
    await expect(item('nope', 'x')).rejects.toMatchObject({ summary: 'ConfigMap it has no key nope' });
    await expect(item('b', '../../escape')).rejects.toMatchObject({ code: 'MW3303' });
  });

  it('may be missing when they are optional', async () => {
    configMap = undefined;
    await prepare({ configMap: { name: 'it', optional: true } });
    expect(await readdir(join(directory, 'v'))).toEqual([]);
  });

  it('are written again only when their content differs', async () => {
    await prepare({ configMap: { name: 'it' } });
    const before = await stat(join(directory, 'v', 'a.conf'));
    await prepare({ configMap: { name: 'it' } });
    expect((await stat(join(directory, 'v', 'a.conf'))).ino).toBe(before.ino);
  });

  const container = {
    name: 'app',
    volumeMounts: [{ name: 'my-vol', mountPath: '/data', subPath: 'x' }],
  };
  const spec = (volume: object) => ({ containers: [], volumes: [{ name: 'my-vol', ...volume }] });

  it('are mounted where the container says, and told by variables where nothing can be mounted', async () => {
    const mounts = containerMounts(spec({ emptyDir: {} }), container, new Map([['my-vol', directory]]));
    expect(mounts).toEqual([{ source: directory, subPath: 'x', target: '/data', readOnly: false }]);
    expect(volumeVariables(mounts, container)).toEqual({ MESHWISE_VOLUME_MY_VOL: join(directory, 'x') });
    expect(() => containerMounts(spec({ emptyDir: {} }), container, new Map())).toThrow('does not declare');
  });

  it('cannot be written to when they hold a ConfigMap', () => {
    const mounts = containerMounts(spec({ configMap: { name: 'it' } }), container, new Map([['my-vol', directory]]));
    expect(mounts[0]?.readOnly).toBe(true);
  });

  it.each(['..', '../x', 'a/../../x', '/etc'])('refuse the subPath %s, which leaves them', (subPath) => {
    const leaving = { name: 'app', volumeMounts: [{ name: 'my-vol', mountPath: '/data', subPath }] };
    expect(() => containerMounts(spec({ emptyDir: {} }), leaving, new Map([['my-vol', directory]]))).toThrow(
      expect.objectContaining({ code: 'MW3303' }),
    );
  });

  it('refuse a subPath that the program has made a link to elsewhere, where nothing can be mounted', async () => {
    await symlink('/etc', join(directory, 'x'));
    const mounts = containerMounts(spec({ emptyDir: {} }), container, new Map([['my-vol', directory]]));
    expect(() => volumeVariables(mounts, container)).toThrow(expect.objectContaining({ code: 'MW3303' }));
  });
});
