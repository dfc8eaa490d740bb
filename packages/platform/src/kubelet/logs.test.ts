import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '@meshwise/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logFiles, logPath, readLog } from './logs.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'logs-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function read(path: string, tailLines?: number): Promise<string> {
  const options = { follow: false, signal: new AbortController().signal, clock: systemClock };
  const chunks: Buffer[] = [];
  for await (const chunk of readLog(path, tailLines === undefined ? options : { ...options, tailLines }))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

describe('reading logs', () => {
  it('finds the starts of one container in order, and no other container with the same beginning', async () => {
    const paths = [0, 10, 9].map((restart) => logPath(root, 'default', 'web-1', 'app', restart));
    const other = logPath(root, 'default', 'web-1', 'app-two', 0);
    await mkdir(dirname(other), { recursive: true });
    for (const path of [...paths, other]) await writeFile(path, '');
    expect(await logFiles(root, 'default', 'web-1', 'app')).toEqual([paths[0], paths[2], paths[1]]);
    expect(await logFiles(root, 'default', 'gone', 'app')).toEqual([]);
  });

  it('gives the last lines as a split of the whole text would', async () => {
    const path = join(root, 'some.log');
    const lines = fc.array(fc.stringMatching(/^[ -~]{0,40}$/), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), fc.integer({ min: 0, max: 12 }), async (content, ended, count) => {
        const text = content.join('\n') + (ended && content.length > 0 ? '\n' : '');
        await writeFile(path, text);
        const whole = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
        const last = whole.slice(-count).join('\n') + (text.endsWith('\n') ? '\n' : '');
        const expected = count === 0 ? '' : last;
        expect(await read(path, count)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('follows what is added, and begins again when the file was emptied', async () => {
    const path = join(root, 'followed.log');
    await writeFile(path, 'old\n');
    const stop = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of readLog(path, { follow: true, signal: stop.signal, clock: systemClock })) {
        seen.push(chunk.toString('utf8'));
      }
    })();
    const until = async (text: string) => {
      while (!seen.join('').includes(text)) await systemClock.sleep(10);
    };
    await until('old\n');
    await appendFile(path, 'new\n');
    await until('new\n');
    await truncate(path, 0);
    await appendFile(path, 'x\n');
    await until('x\n');
    stop.abort(new Error('enough'));
    await reading;
    expect(seen.join('')).toBe('old\nnew\nx\n');
  });
});
