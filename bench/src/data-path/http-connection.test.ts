import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { HttpConnection, parseResponse } from './http-connection.ts';

test('a response is complete when its content is', () => {
  const bytes = Buffer.from('HTTP/1.1 503 No\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello+rest');
  expect(parseResponse(bytes)).toEqual({ status: 503, length: bytes.length - 5 });
  expect(parseResponse(bytes.subarray(0, bytes.length - 6))).toBeUndefined();
  expect(parseResponse(bytes.subarray(0, 20))).toBeUndefined();
});

test('a response of unknown length is refused and not counted', () => {
  expect(() => parseResponse(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))).toThrow(RangeError);
});

test('a connection is used again, and says when it broke', async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    if (requests === 3) response.destroy();
    else response.writeHead(200, { 'content-length': 2 }).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = await HttpConnection.open({ host: '127.0.0.1', port, path: '/', authority: 'x' });
  const ask = () => new Promise<number>((resolve) => connection.send(resolve));
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 0, 0]);
  connection.close();
  server.close();
});
