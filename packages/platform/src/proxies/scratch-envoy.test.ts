import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureEnvoy } from '../setup/index.ts';
import { scratchEnvoy } from './scratch-envoy.ts';

const envoy = await ensureEnvoy({}).catch(() => undefined);
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scratch-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Bootstraps: `static_resources { clusters {} }`, a cluster without a name, and one that is empty. */
const NAMELESS_CLUSTER = Uint8Array.of(0x12, 0x02, 0x12, 0x00);
const EMPTY = new Uint8Array();

describe.skipIf(envoy === undefined)('an Envoy that only validates', () => {
  const ask = () => scratchEnvoy({ envoyPath: envoy?.path ?? '', directory: join(directory, 'checks') });

  it('accepts what is right and says what is wrong in its own words', async () => {
    const scratch = ask();
    const [right, wrong] = await Promise.all([scratch(EMPTY), scratch(NAMELESS_CLUSTER)]);
    expect(right).toEqual({ status: 'accepted' });
    expect(wrong).toMatchObject({ status: 'refused', message: expect.stringContaining('Name') });
  });

  it('leaves no file behind', async () => {
    await ask()(EMPTY);
    expect(await readdir(join(directory, 'checks'))).toEqual([]);
  });
});

describe('without an Envoy', () => {
  /** A program in the place of Envoy. */
  async function standIn(name: string, script: string): Promise<string> {
    const program = join(directory, name);
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    return program;
  }
  const ask = (envoyPath: string, timeLimitS = 1) =>
    scratchEnvoy({ envoyPath, directory: join(directory, 'own'), timeLimitS })(EMPTY);

  it('says so, and refuses nothing', async () => {
    const answer = await ask('/nowhere/envoy');
    expect(answer).toMatchObject({ status: 'unavailable', message: expect.stringContaining('/nowhere/envoy') });
  });

  it('ends what does not end by itself', async () => {
    const answer = await ask(await standIn('endless', 'while :; do :; done'));
    expect(answer).toMatchObject({ status: 'refused', message: expect.stringContaining('1 s') });
  });

  it('leaves open what took long without doing much, and what cannot be started', async () => {
    expect(await ask(await standIn('slow', 'sleep 60'))).toMatchObject({ status: 'undecided' });
    const program = await standIn('closed', '');
    await chmod(program, 0o600);
    expect(await ask(program)).toMatchObject({ status: 'undecided' });
  });

  it('takes an end without the words that the configuration is right for a refusal', async () => {
    expect(await ask(await standIn('silent', 'exit 0'))).toMatchObject({ status: 'refused' });
    expect(await ask(await standIn('other', `echo "configuration 'x' OK"`))).toMatchObject({ status: 'refused' });
    expect(await ask(await standIn('right', `echo "configuration '$4' OK"`))).toEqual({ status: 'accepted' });
  });

  it.skipIf(process.getuid?.() !== 0)('runs as nobody, without capabilities, when the daemon is root', async () => {
    const report = 'id -u; id -G; grep -E "^Cap(Prm|Eff)" /proc/self/status; env; cat "$4" >/dev/null; ls . ; exit 1';
    const answer = await ask(await standIn('who', `{ ${report}; } >&2`));
    const message = 'message' in answer ? answer.message : '';
    expect(message).toMatch(/^65534\n65534\nCapPrm:\s+0{16}\nCapEff:\s+0{16}\n/);
    expect(message).not.toMatch(/HOME|cat:/);
  });
});
