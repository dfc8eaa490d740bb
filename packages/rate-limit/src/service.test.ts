import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { systemClock } from '@meshwise/core';
import {
  RateLimitResponse_Code as Code,
  RateLimitRequestSchema,
  RateLimitResponseSchema,
} from '@meshwise/xds/rate-limit-service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RATE_LIMIT_PROGRAM } from './index.ts';
import { formatRules, type Rule } from './rules.ts';

const HOUR_MS = 3_600_000;
const METHOD = '/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit';

describe('the rate-limit service as a process (000-31)', () => {
  let directory: string;
  let program: ReturnType<typeof spawn>;
  let client: Client;

  const path = (name: string) => join(directory, name);
  const write = async (rules: readonly Rule[]) => {
    await writeFile(path('rules.new'), formatRules(rules));
    await rename(path('rules.new'), path('rules.json'));
  };
  const ask = (rule: string, user: string): Promise<Code> =>
    new Promise((resolve, reject) => {
      const entries = [
        { key: 'rule', value: rule },
        { key: 'header:x-user', value: user },
      ];
      const request = create(RateLimitRequestSchema, { domain: 'meshwise', descriptors: [{ entries }] });
      client.makeUnaryRequest(
        METHOD,
        (message: typeof request) => Buffer.from(toBinary(RateLimitRequestSchema, message)),
        (bytes) => fromBinary(RateLimitResponseSchema, bytes),
        request,
        (error, response) => (response === undefined ? reject(error) : resolve(response.overallCode)),
      );
    });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshwise-rate-limit-'));
    await write([{ rule: 'a/b/c', requests: 2, perMs: HOUR_MS }]);
    program = spawn(process.execPath, [RATE_LIMIT_PROGRAM, '--socket', path('s.sock'), '--rules', path('rules.json')]);
    client = new Client(`unix:${path('s.sock')}`, credentials.createInsecure());
    await new Promise((resolve, reject) =>
      client.waitForReady(systemClock.nowMs() + 60_000, (e) => (e ? reject(e) : resolve(e))),
    );
  });
  afterAll(async () => {
    client.close();
    const ended = new Promise((resolve) => program.once('exit', resolve));
    program.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  });

  it('answers for each descriptor on its own', async () => {
    const answers = [
      await ask('a/b/c', 'ann'),
      await ask('a/b/c', 'ann'),
      await ask('a/b/c', 'ann'),
      await ask('a/b/c', 'bob'),
    ];
    expect(answers).toEqual([Code.OK, Code.OK, Code.OVER_LIMIT, Code.OK]);
  });

  it('reads its rules again when the file changes, and keeps them when it cannot', async () => {
    await write([{ rule: 'new/rule/x', requests: 0, perMs: HOUR_MS }]);
    while ((await ask('new/rule/x', 'ann')) !== Code.OVER_LIMIT) await systemClock.sleep(20);
    await writeFile(path('rules.json'), 'nonsense');
    await systemClock.sleep(500);
    expect(await ask('new/rule/x', 'ann')).toBe(Code.OVER_LIMIT);
  });
});
