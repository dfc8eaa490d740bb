import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMarkedProcesses } from '../process/marked-processes.ts';
import { ProcessHost } from '../process/process-host.ts';
import type { PodSandbox } from './capture.ts';
import { probeSandbox } from './choose-capture.ts';
import { NetnsCapture } from './netns-capture.ts';
import { runSandbox } from './run-sandbox.ts';

const probe = await probeSandbox('python3').catch(() => undefined);
const possible = probe?.networkNamespace === true && probe.redirect === true && probe.mounts === true;
const MARK = 'MESHWISE_STATE';

let root: string;
let host: ProcessHost;
let capture: NetnsCapture;
let pod: PodSandbox;

describe.skipIf(!possible)('capture by network namespaces (000-8, 000-30)', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'cap-'));
    await writeFile(join(root, 'secret'), 'private key');
    await mkdir(join(root, 'volume'), { mode: 0o755 });
    await writeFile(join(root, 'volume', 'greeting'), 'hello\n');
    host = new ProcessHost({ directory: join(root, 'run', 'processes'), clock: systemClock, mark: { [MARK]: root } });
    capture = newCapture();
    await capture.start();
    pod = await capture.createPod({ uid: 'uid-1', namespace: 'shop', name: 'web-1', podIp: '10.244.0.9' });
  });
  afterAll(async () => {
    for (const pid of await findMarkedProcesses(MARK, root)) process.kill(pid, 'SIGKILL');
    await rm(root, { recursive: true, force: true });
  });

  function newCapture(): NetnsCapture {
    return new NetnsCapture({
      python: 'python3',
      host,
      runDirectory: join(root, 'run'),
      stateDirectory: root,
      rootless: process.getuid?.() !== 0,
      clusterDomain: 'cluster.local',
      clock: systemClock,
      logger: silentLogger,
    });
  }

  /** Runs a shell script as a program of the pod and answers with its output. */
  async function inPod(script: string, mounts: Parameters<NetnsCapture['program']>[2] = [], of = pod): Promise<string> {
    const command = { argv: ['/bin/sh', '-c', script], env: { PATH: '/usr/bin:/bin', LANG: 'C' }, cwd: '/' };
    const { argv, env } = await capture.program(of, command, mounts);
    const [program = '', ...args] = argv;
    const { stdout } = await promisify(execFile)(program, args, { env: { ...env, [MARK]: root } });
    return stdout;
  }

  it('leaves a program nothing but a loopback interface and the ranges of the mesh', async () => {
    const interfaces = (await inPod('tail -n +3 /proc/net/dev')).trim().split('\n');
    expect(interfaces.map((line) => line.trim().split(':')[0])).toEqual(['lo']);
    const local = await inPod('cat /proc/net/fib_trie');
    expect([local.includes('10.96.0.0'), local.includes('10.244.0.0')]).toEqual([true, true]);
    // The table of routes that lead away holds its heading and nothing else.
    expect((await inPod('cat /proc/net/route')).trim().split('\n')).toHaveLength(1);
  });

  it('takes every privilege away', async () => {
    const status = await inPod(
      'grep -E "^(Uid|Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Groups)" /proc/self/status; hostname',
    );
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(status).toMatch(new RegExp(`${set}:\\s+0{16}\\b`));
    expect(status).toMatch(/NoNewPrivs:\s+1/);
    expect(status).toMatch(/Uid:\s+200009\s/);
    expect(status.trim().split('\n').at(-1)).toBe('web-1');
  });

  it('hides the state directory, and shows volumes that live in it where the manifest wants them', async () => {
    const volume = (target: string, readOnly: boolean) => ({ source: join(root, 'volume'), target, readOnly });
    const mounts = [volume('/opt/ibm/wlp/output', true), volume('/data/deep', true), volume('/tmp', false)];
    const output = await inPod(
      `cat /opt/ibm/wlp/output/greeting /data/deep/greeting /tmp/greeting; ls ${root} 2>&1; touch /data/deep/x 2>&1; ls -d /etc /usr`,
      mounts,
    );
    expect(output).toContain('hello\nhello\nhello\n');
    expect(output).not.toContain('secret');
    expect(output).toMatch(/Read-only file system|Permission denied/);
    expect(output).toContain('/etc\n/usr\n');
    // None of it was made on the machine.
    await expect(readFile('/data/deep/greeting')).rejects.toThrow();
  });

  it('starts the programs of a pod side by side, each as its own, and leaves no specification behind', async () => {
    expect(await Promise.all(['a', 'b', 'c'].map((name) => inPod(`echo ${name}`)))).toEqual(['a\n', 'b\n', 'c\n']);
    const files = await readdir(join(root, 'run', 'pods', 'uid-1'));
    expect(files.filter((name) => name.endsWith('.json'))).toEqual([]);
  });

  it('makes the namespace of a pod whose mount point was left without one', async () => {
    const uid = 'uid-left';
    const inside = `/proc/${host.get('mesh-namespaces')?.pid}/root${join(root, 'run', 'netns')}`;
    await writeFile(join(inside, uid), '');
    const left = await capture.createPod({ uid, namespace: 'shop', name: 'left-1', podIp: '10.244.0.10' });
    expect(await inPod('tail -n +3 /proc/net/dev | grep -c :', [], left)).toBe('1\n');
    await capture.removePod(uid);
    expect(await readdir(inside)).not.toContain(uid);
  });

  it('leaves a directory as writable as it was when a volume is mounted below it', async () => {
    const mounts = [{ source: join(root, 'volume'), target: '/tmp/below/it', readOnly: true }];
    expect(await inPod('cat /tmp/below/it/greeting; touch /tmp/x && rm /tmp/x; stat -c %a /tmp', mounts)).toBe(
      'hello\n1777\n',
    );
  });

  it('mounts a part of a volume, and none that leads out of it', async () => {
    await mkdir(join(root, 'volume', 'sub', 'deep'), { recursive: true });
    await writeFile(join(root, 'volume', 'sub', 'deep', 'file'), 'part\n');
    await symlink(root, join(root, 'volume', 'out'));
    const part = (subPath: string) => [{ source: join(root, 'volume'), subPath, target: '/data', readOnly: true }];
    expect(await inPod('cat /data/file', part('sub/deep'))).toBe('part\n');
    await expect(inPod('ls /data', part('out'))).rejects.toThrow('symbolic link');
    await expect(inPod('ls /data', part('sub/../..'))).rejects.toThrow('leads out of its volume');
    await expect(inPod('ls /data', part('none'))).rejects.toThrow('the volume has no none');
  });

  it('answers for names by the address of the mesh', async () => {
    expect(await inPod('cat /etc/resolv.conf')).toBe(
      'nameserver 10.96.0.10\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n',
    );
  });

  it('leads every outgoing connection but those to loopback to the proxy', async () => {
    const script = `
import socket, threading
s = socket.socket(); s.bind(("127.0.0.1", 15001)); s.listen(8)
own = socket.socket(); own.bind(("127.0.0.1", 8080)); own.listen(8)
for target in (("10.96.7.7", 80), ("10.244.0.33", 9080), ("127.0.0.1", 8080)):
    c = socket.create_connection(target, 2)
    listener = own if target[0] == "127.0.0.1" else s
    listener.settimeout(2); peer, _ = listener.accept()
    SO_ORIGINAL_DST = 80
    raw = peer.getsockopt(0, SO_ORIGINAL_DST, 16) if listener is s else b""
    print(socket.inet_ntoa(raw[4:8]) if raw else "own", int.from_bytes(raw[2:4], "big") if raw else 8080)
`;
    await writeFile(join(root, 'volume', 'redirect.py'), script);
    const mounts = [{ source: join(root, 'volume'), target: '/opt/test', readOnly: true }];
    const output = await inPod(
      'command -v /usr/bin/python3 >/dev/null && /usr/bin/python3 /opt/test/redirect.py || echo none',
      mounts,
    );
    // A machine whose only Python is in a private home cannot run the check as another user.
    if (output.trim() !== 'none') expect(output).toBe('10.96.7.7 80\n10.244.0.33 9080\nown 8080\n');
  });

  it('finds pods again after the daemon was replaced, and makes none twice', async () => {
    const before = await inPod('readlink /proc/self/ns/net');
    const next = new ProcessHost({
      directory: join(root, 'run', 'processes'),
      clock: systemClock,
      mark: { [MARK]: root },
    });
    await next.adopt();
    host = next;
    capture = newCapture();
    await capture.start();
    pod = await capture.createPod({ uid: 'uid-1', namespace: 'shop', name: 'web-1', podIp: '10.244.0.9' });
    expect(await inPod('readlink /proc/self/ns/net')).toBe(before);
  });

  it('leaves no mount on the host, and no namespace once its last process is gone', async () => {
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(root);
    await capture.removePod('uid-1');
    for (const handle of host.all()) await host.stop(handle, 100);
    expect(await findMarkedProcesses(MARK, root)).toEqual([]);
  });

  it('says which step failed', async () => {
    await expect(runSandbox('python3', 'pod', { anchorPid: 1 << 30, netns: '/x', routes: [] })).rejects.toMatchObject({
      code: 'MW3101',
      summary: expect.stringContaining("entering the mesh's namespaces failed"),
    });
  });
});
