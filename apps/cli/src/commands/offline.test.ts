import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leaves } from '../command-help.ts';
import { buildProgram } from '../program.ts';
import { Session } from '../session.ts';
import { bench, idleContext } from '../testing/run-cli.ts';

const deployment = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: shop/web:1 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { answer: "yes" }
`;

describe('meshwise inject', () => {
  test('puts the sidecar into pod templates and passes the rest through, without a daemon', async () => {
    const { meshwise } = await bench({ daemon: false, stdin: deployment });
    const { code, stdout, stderr } = await meshwise('inject -f -');
    expect(code).toBe(0);
    expect(stdout).toContain('name: istio-proxy');
    expect(stdout).toContain('\n---\n');
    expect(stdout).toContain('answer: "yes"');
    expect(stderr).toMatch(/^deployment\/web injected: .+\nconfigmap\/settings not injected: .+\n$/);
  });

  test('of its own output changes nothing', async () => {
    const once = await (await bench({ daemon: false, stdin: deployment })).meshwise('inject -f -');
    const twice = await (await bench({ daemon: false, stdin: once.stdout })).meshwise('inject -f -');
    expect(twice.stdout).toBe(once.stdout);
  });

  test('of malformed input prints the place and nothing else', async () => {
    const { meshwise } = await bench({ daemon: false, stdin: 'kind: [' });
    const { code, stdout, stderr } = await meshwise('inject -f -');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^-:\d+:\d+: error MW1001: /);
  });
});

describe('meshwise doctor', () => {
  const check = (status: 'ok' | 'warning' | 'failed' | 'unknown', id: string) => ({
    id,
    title: `Check ${id}`,
    status,
    found: `found ${id}`,
    ...(status === 'ok' ? {} : { advice: `Do ${id}.` }),
  });
  const withReport = (...checks: ReturnType<typeof check>[]) =>
    bench({ daemon: false, platform: { runDoctor: async () => ({ status: 'ok', checks }) } });

  test('ends with 0 while no check failed, and shows the advice for warnings', async () => {
    const { meshwise } = await withReport(check('ok', 'a'), check('warning', 'b'), check('unknown', 'c'));
    expect(await meshwise('doctor')).toEqual({
      code: 0,
      stdout: `STATUS    CHECK     FOUND
ok        Check a   found a
warning   Check b   found b
unknown   Check c   found c

Check b: Do b.
Check c: Do c.
`,
      stderr: 'No check failed.\n',
    });
  });

  test('ends with 1 when one failed', async () => {
    const { meshwise } = await withReport(check('ok', 'a'), check('failed', 'b'));
    const { code, stdout } = await meshwise('doctor -o json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).checks).toHaveLength(2);
  });
});

describe('meshwise completion', () => {
  const complete = async (...words: string[]) => {
    const { meshwise, home } = await bench({ daemon: false });
    const script = join(home, 'completion.bash');
    writeFileSync(script, (await meshwise('completion bash')).stdout);
    const typed = ['meshwise', ...words].map((word) => `'${word}'`).join(' ');
    const program = `source ${script}; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _meshwise; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', program], { encoding: 'utf8', cwd: home }).trimEnd().split('\n');
  };

  test('of bash offers commands, subcommands, options and their values', async () => {
    expect(await complete('st')).toEqual(['status']);
    expect(await complete('proxy', '')).toEqual(expect.arrayContaining(['list', 'config', 'status', 'restart']));
    expect(await complete('up', '--capture', '')).toEqual(['auto', 'netns', 'loopback']);
    expect(await complete('get', 'pods', '-o', 'n')).toEqual(['ndjson', 'name']);
    expect(await complete('get', 'virt')).toEqual(['virtualservices']);
    expect(await complete('up', '--ga')).toEqual(['--gateway-port']);
    expect(await complete('apply', '-f', 'compl')).toEqual(['completion.bash']);
    expect(await complete('logs', '--tail', '')).toEqual(['']);
  });

  test.each(['bash', 'zsh', 'fish'])('of %s knows every command and every option', async (shell) => {
    const { stdout } = await (await bench({ daemon: false })).meshwise(`completion ${shell}`);
    const commands = [...leaves(buildProgram(new Session(idleContext)))];
    expect(commands.length).toBeGreaterThan(15);
    for (const { path, command } of commands) {
      expect(stdout).toContain(` ${path}`);
      for (const { long } of command.options) {
        expect(stdout, path).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
      }
    }
  });
});
