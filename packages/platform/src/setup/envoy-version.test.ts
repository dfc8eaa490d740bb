import { describe, expect, test } from 'vitest';
import { parseEnvoyVersion } from './envoy-version.ts';
import { runCommand } from './run-command.ts';

describe('the version an Envoy prints', () => {
  test.each([
    ['envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL\n', '1.40.0'],
    ['envoy  version: 0/1.41.0-dev/Modified/DEBUG/BoringSSL', '1.41.0-dev'],
    ['nginx version: nginx/1.26.0', undefined],
    ['', undefined],
  ])('%j is %s', (output, version) => {
    expect(parseEnvoyVersion(output)).toBe(version);
  });
});

describe('running a program', () => {
  test('gives its exit code and what it wrote', async () => {
    const result = await runCommand('/bin/sh', ['-c', 'echo out; echo err >&2; exit 7']);
    expect(result).toEqual({ status: 'exited', exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  test('tells a missing program from one that may not be run or takes too long', async () => {
    expect(await runCommand('/nowhere/program', [])).toEqual({ status: 'missing' });
    expect(await runCommand('/etc/passwd', [])).toEqual({ status: 'failed', reason: 'EACCES' });
    const slow = await runCommand('/bin/sleep', ['30'], { timeoutMs: 50 });
    expect(slow).toEqual({ status: 'failed', reason: 'no answer within 50 ms' });
    const killed = await runCommand('/bin/sh', ['-c', 'kill -9 $$']);
    expect(killed).toEqual({ status: 'failed', reason: 'ended by SIGKILL' });
  });
});
