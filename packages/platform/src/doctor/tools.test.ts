import { MeshwiseError } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import { chromiumCheck } from './chromium.ts';
import { envoyCheck } from './envoy.ts';
import { nodeVersionCheck } from './node-version.ts';
import { npmVersionCheck } from './npm-version.ts';
import { platformCheck } from './platform.ts';
import { pythonCheck } from './python.ts';
import { commands, exits, findingOf } from './testing.ts';

describe('programs on the machine', () => {
  test.each([
    ['v24.21.0', 'ok'],
    ['v26.0.1', 'ok'],
    ['v22.18.0', 'failed'],
    ['v9.0.0', 'failed'],
    ['', 'failed'],
  ])('Node %j is %s', async (version, status) => {
    expect(await findingOf(nodeVersionCheck(version))).toMatchObject({ status, found: version });
  });

  test.each([
    ['a new npm', { 'npm --version': '11.2.0\n' }, 'ok', '11.2.0'],
    ['an npm of ten', { 'npm --version': '10.0.0\n' }, 'ok', '10.0.0'],
    ['an old npm', { 'npm --version': '9.9.4\n' }, 'warning', '9.9.4'],
    ['no npm', {}, 'warning', 'not on PATH'],
    ['an npm that breaks', { 'npm --version': exits(1, 'Cannot find module') }, 'unknown', 'Cannot find module'],
  ])('%s', async (_what, machine, status, found) => {
    expect(await findingOf(npmVersionCheck(commands(machine)))).toMatchObject({ status, found });
  });

  const pip = 'pip 24.0 from /usr/lib/python3/dist-packages/pip (python 3.12)\n';
  test.each([
    [
      'Python with pip',
      { 'python3 --version': 'Python 3.12.3\n', 'python3 -m pip --version': pip },
      { status: 'ok', found: 'Python 3.12.3, pip 24.0' },
    ],
    [
      'Python called python, with pip3',
      { 'python --version': 'Python 3.11.7\n', 'pip3 --version': pip },
      { status: 'ok', found: 'Python 3.11.7, pip 24.0' },
    ],
    [
      'Python without pip',
      { 'python3 --version': 'Python 3.12.3\n', 'python3 -m pip --version': exits(1, 'No module named pip') },
      { status: 'warning', code: 'MW3051', found: 'Python 3.12.3 without pip' },
    ],
    ['Python 2 only', { 'python --version': 'Python 2.7.18\n' }, { status: 'failed', code: 'MW3050' }],
    ['no Python', {}, { status: 'failed', code: 'MW3050', advice: expect.stringContaining('apt-get install python3') }],
  ])('%s', async (_what, machine, expected) => {
    expect(await findingOf(pythonCheck(commands(machine)))).toMatchObject(expected);
  });

  test('an Envoy that was found is named with its place', async () => {
    const locate = async () => ({ path: '/opt/envoy', version: '1.40.0', source: 'path' as const });
    const finding = await findingOf(envoyCheck({ locate, whatPreventsFetching: async () => undefined }));
    expect(finding).toEqual({ status: 'ok', found: '1.40.0 at /opt/envoy (on PATH)' });
  });

  test('an Envoy that can be fetched is a warning, one that cannot is a failure with the reason', async () => {
    const locate = async () => undefined;
    const obtainable = await findingOf(envoyCheck({ locate, whatPreventsFetching: async () => undefined }));
    expect(obtainable).toMatchObject({ status: 'warning', found: 'not fetched yet' });
    const noPip = new MeshwiseError('MW3051', 'Python has no pip');
    const out = await findingOf(envoyCheck({ locate, whatPreventsFetching: async () => noPip }));
    expect(out).toMatchObject({ status: 'failed', code: 'MW3051', found: 'Python has no pip', advice: noPip.advice });
  });

  test('an Envoy named by MESHWISE_ENVOY that does not work is a failure', async () => {
    const locate = async () => {
      throw new MeshwiseError('MW3055', 'does not work', { file: '/x/envoy', advice: 'Unset it.' });
    };
    const finding = await findingOf(envoyCheck({ locate, whatPreventsFetching: async () => undefined }));
    expect(finding).toEqual({
      status: 'failed',
      code: 'MW3055',
      found: '/x/envoy: does not work',
      advice: 'Unset it.',
    });
  });

  test('Chromium is found by any of its names, and missed only by tests', async () => {
    const has = (name: string) => async (wanted: string) => (wanted === name ? `/usr/bin/${name}` : undefined);
    expect(await findingOf(chromiumCheck(has('chromium')))).toMatchObject({ status: 'ok' });
    expect(await findingOf(chromiumCheck(has('google-chrome')))).toMatchObject({ found: '/usr/bin/google-chrome' });
    expect(await findingOf(chromiumCheck(has('firefox')))).toMatchObject({ status: 'warning' });
  });
});

describe('the platform', () => {
  test.each([
    ['linux', 'x64', '2.31', 'ok'],
    ['linux', 'arm64', '2.41', 'ok'],
    ['linux', 'x64', '3.0', 'ok'],
    ['linux', 'x64', '2.28', 'warning'],
    ['linux', 'x64', undefined, 'warning'],
    ['darwin', 'arm64', undefined, 'warning'],
    ['darwin', 'x64', undefined, 'failed'],
    ['linux', 'ia32', '2.36', 'failed'],
    ['win32', 'x64', undefined, 'failed'],
  ])('%s on %s with glibc %s is %s', async (platform, arch, glibc, status) => {
    expect(await findingOf(platformCheck({ platform, arch, glibc }))).toMatchObject({ status });
  });
});
