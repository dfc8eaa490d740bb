import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@meshwise/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PodSandbox } from '../capture/capture.ts';
import { probeSandbox } from '../capture/choose-capture.ts';
import { LoopbackCapture } from '../capture/loopback-capture.ts';
import { NetnsCapture } from '../capture/netns-capture.ts';
import { findMarkedProcesses } from '../process/marked-processes.ts';
import { ProcessHost } from '../process/process-host.ts';
import { guestCommand } from './guest.ts';

const probe = await probeSandbox('python3').catch(() => undefined);
const possible = probe?.networkNamespace === true && probe.redirect === true && probe.mounts === true;
const MARK = 'MESHWISE_STATE';

/** Says where it is and what it may do, once it has been told so by its input. */
const PROGRAM = `
import { readFileSync, readlinkSync } from 'node:fs';
import { word } from './inner/word.mjs';
process.stdin.once('data', (data) => {
  const status = readFileSync('/proc/self/status', 'utf8');
  console.log(JSON.stringify({
    heard: String(data).trim() + word, arguments: process.argv.slice(2), network: readlinkSync('/proc/self/ns/net'),
    capabilities: /^CapBnd:\\s+(\\S+)/m.exec(status)[1], uid: process.getuid(),
    state: (() => { try { return readFileSync(process.argv[2], 'utf8'); } catch (error) { return error.code; } })(),
  }));
  process.exit(0);
});`;

let root: string;
let program: string;
let capture: NetnsCapture;
let pod: PodSandbox;
let anchorPid: number;

describe.skipIf(!possible)('a program of ours inside the mesh (000-6)', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'guest-'));
    // As a checkout below /root would be: its own user could not read it where it is.
    program = join(root, 'checkout');
    await mkdir(join(program, 'inner'), { recursive: true });
    await chmod(root, 0o700);
    await writeFile(join(program, 'main.mjs'), PROGRAM);
    await writeFile(join(program, 'inner/word.mjs'), 'export const word = "!";');
    await mkdir(join(root, 'state'));
    await writeFile(join(root, 'state/key'), 'private key', { mode: 0o644 });
    const state = join(root, 'state');
    const host = new ProcessHost({ directory: join(state, 'processes'), clock: systemClock, mark: { [MARK]: state } });
    capture = new NetnsCapture({
      python: 'python3',
      host,
      runDirectory: join(state, 'run'),
      stateDirectory: state,
      rootless: process.getuid?.() !== 0,
      clusterDomain: 'cluster.local',
      clock: systemClock,
      logger: silentLogger,
    });
    await capture.start();
    anchorPid = host.all()[0]?.pid ?? 0;
    pod = await capture.createPod({ uid: 'uid-1', namespace: 'shop', name: 'web-1', podIp: '10.244.0.9' });
  });
  afterAll(async () => {
    for (const pid of await findMarkedProcesses(MARK, join(root, 'state'))) process.kill(pid, 'SIGKILL');
    await rm(root, { recursive: true, force: true });
  });

  async function inside(place: PodSandbox | 'mesh'): Promise<unknown> {
    const argv = [process.execPath, '--no-warnings', join(program, 'main.mjs'), join(root, 'state/key')];
    const guests = { capture, cacheDirectory: root, stateDirectory: join(root, 'state') };
    const { argv: line, env } = await guestCommand(place, { argv, root: program }, guests);
    const [file = '', ...args] = line;
    const child = spawn(file, args, {
      env: { ...env, [MARK]: join(root, 'state') },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.write('hello\n');
    let said = '';
    for await (const chunk of child.stdout) said += String(chunk);
    return JSON.parse(said);
  }

  it("runs in a pod's network as the pod's user, is spoken to by pipes and reads nothing of the mesh's", async () => {
    expect(await inside(pod)).toMatchObject({
      heard: 'hello!',
      arguments: [join(root, 'state/key')],
      capabilities: '0000000000000000',
      uid: 200_009,
      state: expect.stringMatching(/^(EACCES|ENOENT)$/),
    });
  });

  it('runs where the proxies listen, without any of their rights', async () => {
    expect(await inside('mesh')).toMatchObject({
      network: await readlink(`/proc/${anchorPid}/ns/net`),
      capabilities: '0000000000000000',
      uid: 200_000,
      state: expect.stringMatching(/^(EACCES|ENOENT)$/),
    });
  });
});

describe('capture without networks of its own', () => {
  it('has no place for a program of ours', async () => {
    const loopback = new LoopbackCapture({ python: 'python3', runDirectory: '/nowhere' });
    const guests = { capture: loopback, cacheDirectory: '/nowhere', stateDirectory: '/nowhere' };
    await expect(guestCommand('mesh', { argv: ['node', '/a/b'], root: '/a' }, guests)).rejects.toThrow('MW3102');
  });
});
