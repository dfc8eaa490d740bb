import { describe, expect, test } from 'vitest';
import { captureCheck, mountsCheck } from './capture.ts';
import { parseProbe, sandboxProbeReader } from './sandbox-probe.ts';
import { commands, exits, findingOf, probeWith } from './testing.ts';
import { userNamespacesCheck } from './user-namespaces.ts';
import { workloadUserCheck } from './workload-user.ts';

const noAnswer = async () => ({ problem: 'the launcher did not answer' });

describe('what the launcher tried', () => {
  test('is read once for all checks', async () => {
    let asked = 0;
    const answer = JSON.stringify(await probeWith({ redirect: 'EPERM' })());
    const read = sandboxProbeReader(
      async () => {
        asked += 1;
        return { status: 'exited', exitCode: 0, stdout: answer, stderr: '' };
      },
      'python3',
      '/launcher.py',
    );
    const [one, two] = await Promise.all([read(), read()]);
    expect(one).toEqual({ userNamespace: true, networkNamespace: true, redirect: 'EPERM', mounts: true });
    expect(two).toBe(one);
    expect(asked).toBe(1);
  });

  test.each([
    ['no launcher', {}, 'no such program'],
    ['a launcher that breaks', { 'python3 -B /l.py probe': exits(1, 'ImportError: ctypes') }, 'ImportError: ctypes'],
    ['a launcher of another version', { 'python3 -B /l.py probe': '{"netns": true}' }, 'not understood'],
  ])('is not known with %s', async (_what, machine, problem) => {
    const read = sandboxProbeReader(commands(machine), 'python3', '/l.py');
    expect(await read()).toEqual({ problem: expect.stringContaining(problem) });
    expect(await findingOf(captureCheck(read))).toMatchObject({ status: 'unknown' });
  });

  test.each(['', 'null', '[]', '{"userNamespace": false}', 'Traceback'])('is not made up from %j', (text) => {
    expect(parseProbe(text)).toHaveProperty('problem');
  });
});

describe('namespaces of the kernel', () => {
  const settings = (values: Readonly<Record<string, string>>) => async (path: string) =>
    values[path.split('/').at(-1) ?? ''];
  const userNamespaces = (probe = probeWith(), values = {}, isRoot = false) =>
    findingOf(userNamespacesCheck({ probe, isRoot, readText: settings(values) }));

  test('for users are allowed when the trial succeeds, whatever the settings say', async () => {
    expect(await userNamespaces(probeWith(), { unprivileged_userns_clone: '0' })).toMatchObject({ status: 'ok' });
  });

  test.each([
    ['unprivileged_userns_clone', '0\n', 'kernel.unprivileged_userns_clone is 0'],
    ['max_user_namespaces', '0\n', 'user.max_user_namespaces is 0'],
    ['apparmor_restrict_unprivileged_userns', '1\n', 'AppArmor restricts them'],
  ])('for users that %s forbids are explained by it', async (name, value, found) => {
    const finding = await userNamespaces(probeWith({ userNamespace: 'EPERM' }), { [name]: value });
    expect(finding).toMatchObject({ status: 'warning', found: expect.stringContaining(found) });
    expect(finding.advice).toContain(`sysctl`);
  });

  test('for users that can be made and not used are not allowed', async () => {
    const finding = await userNamespaces(probeWith({ networkNamespace: 'uid_map: EPERM' }), {
      apparmor_restrict_unprivileged_userns: '1',
    });
    expect(finding).toMatchObject({ status: 'warning', found: expect.stringContaining('AppArmor') });
  });

  test('for users that fail for no known reason show the reason of the system', async () => {
    const finding = await userNamespaces(probeWith({ userNamespace: 'unshare: ENOSPC' }), {
      max_user_namespaces: '99',
    });
    expect(finding).toMatchObject({ status: 'warning', found: 'unshare: ENOSPC' });
  });

  test('for users are not needed by root, and unknown without an answer', async () => {
    expect(await userNamespaces(probeWith({ userNamespace: 'EPERM' }), {}, true)).toMatchObject({ status: 'ok' });
    const finding = userNamespacesCheck({ probe: noAnswer, isRoot: false, readText: async () => '1' });
    expect(await findingOf(finding)).toMatchObject({ status: 'unknown' });
  });

  test('and a redirect together make capture transparent', async () => {
    expect(await findingOf(captureCheck(probeWith()))).toMatchObject({ status: 'ok' });
    expect(await findingOf(captureCheck(probeWith({ networkNamespace: 'EPERM' })))).toMatchObject({
      status: 'warning',
      found: 'no network namespace: EPERM',
    });
    expect(await findingOf(captureCheck(probeWith({ redirect: 'ENOENT' })))).toMatchObject({
      status: 'warning',
      found: 'no redirect: ENOENT',
      advice: expect.stringContaining('nft_redir'),
    });
  });

  test('let volumes be mounted, or not', async () => {
    expect(await findingOf(mountsCheck(probeWith()))).toMatchObject({ status: 'ok' });
    expect(await findingOf(mountsCheck(probeWith({ mounts: 'EACCES' })))).toMatchObject({
      status: 'warning',
      found: 'EACCES',
    });
    expect(await findingOf(mountsCheck(noAnswer))).toMatchObject({ status: 'unknown' });
  });
});

describe('the unprivileged user of workloads', () => {
  const facts = { isRoot: true, uid: 65_534, readable: ['/samples/a', '/samples/b'] };
  const answers = (stdout: string) => async () => ({ status: 'exited' as const, exitCode: 0, stdout, stderr: '' });

  test('runs programs and reads the samples', async () => {
    expect(await findingOf(workloadUserCheck(facts, answers('65534\n')))).toEqual({ status: 'ok', found: 'uid 65534' });
  });

  test('cannot read samples in a private home', async () => {
    const finding = await findingOf(workloadUserCheck(facts, answers('65534\n/samples/b\n')));
    expect(finding).toMatchObject({ status: 'warning', found: 'uid 65534 cannot read /samples/b' });
  });

  test.each([
    ['that is refused', async () => ({ status: 'failed' as const, reason: 'EPERM' }), 'EPERM'],
    ['that is mapped to another', answers('0\n'), '0'],
  ])('%s is a failure', async (_what, run, found) => {
    expect(await findingOf(workloadUserCheck(facts, run))).toMatchObject({
      status: 'failed',
      found: expect.stringContaining(found),
    });
  });

  test('is the user himself without root', async () => {
    const finding = await findingOf(workloadUserCheck({ ...facts, isRoot: false }, commands({})));
    expect(finding).toMatchObject({ status: 'ok' });
  });
});
