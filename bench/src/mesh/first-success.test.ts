import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { firstSuccess } from './first-success.ts';

test('goes on through refusals and errors to the first 200', async () => {
  const answers = [503, 404, 200, 200];
  const server = createServer((_, response) => response.writeHead(answers.shift() ?? 500).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await firstSuccess(url, 10_000)).toBe(2);
  expect(answers).toEqual([200]);
  server.close();
  await expect(firstSuccess(url, 50)).rejects.toThrow('did not answer 200');
});
