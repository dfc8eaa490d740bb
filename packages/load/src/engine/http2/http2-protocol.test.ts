import { constants, createSecureServer, type ServerOptions } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type Server } from 'node:tls';
import { systemClock } from '@meshwise/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificates } from '../../testing/certificates.ts';
import { Conversation } from '../../testing/conversation.ts';
import { faultServer } from '../../testing/fault-server.ts';
import { answer } from '../../testing/faults.ts';
import { http2Server, type Serve } from '../../testing/http2-server.ts';
import { type PlanSaid, planFor } from '../../testing/plans.ts';
import { prepareHttp2 } from './http2-protocol.ts';

const prepare = prepareHttp2(systemClock);

async function open(serve: Serve, said: PlanSaid = {}, options: ServerOptions = {}): Promise<Conversation> {
  const url = await http2Server(serve, { maxSessionMemory: 1_000, ...options });
  return Conversation.open(prepare, planFor(`${url}x?y=1`, said));
}

const many = { connections: { streamsPerConnection: 100 } };

describe('HTTP/2 (000-93)', () => {
  it('asks as it was told to and gets what a server of another hand answers', async () => {
    const seen: unknown[] = [];
    const talk = await open(
      (stream, _, headers) => {
        seen.push(
          headers[':method'],
          headers[':path'],
          headers['x-test'],
          headers['authorization'],
          headers['connection'],
        );
        stream.respond({ ':status': 201, 'x-long': 'a'.repeat(300), 'set-cookie': ['a=1', 'b=2'] });
        stream.end('hello');
      },
      {
        request: {
          method: 'PUT',
          headers: [
            ['X-Test', 'üß'],
            ['Authorization', 'secret'],
            ['Connection', 'close'],
          ],
        },
      },
    );
    expect(await talk.ask()).toMatchObject({ status: 201 });
    // The dynamic table has something to refer to from the second answer on.
    expect(await talk.ask()).toMatchObject({ status: 201 });
    expect(seen.slice(0, 5)).toEqual(['PUT', '/x?y=1', expect.any(String), 'secret', undefined]);
  });

  it('sends bodies that are larger than every window', async () => {
    const content = 'x'.repeat(400_000);
    const talk = await open(
      (stream) => {
        let size = 0;
        stream.on('data', (chunk: Buffer) => (size += chunk.length));
        stream.on('end', () => {
          stream.respond({ ':status': size === content.length ? 200 : 500 });
          stream.end();
        });
      },
      { request: { method: 'POST', body: { encoding: 'utf8', content } }, ...many },
    );
    const answers = await Promise.all(Array.from({ length: 5 }, () => talk.ask()));
    expect(answers.map((answer) => answer)).toMatchObject(Array.from({ length: 5 }, () => ({ status: 200 })));
  });

  it('takes bodies that are larger than every window', async () => {
    const talk = await open(
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end(Buffer.alloc(3_000_000));
      },
      { ...many, maxBodyBytes: 4_000_000 },
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => talk.ask()));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200 });
    for (const answer of answers) expect('bytes' in answer && answer.bytes).toBeGreaterThan(3_000_000);
  });

  it('keeps to the number of streams that the server allows', async () => {
    let underWay = 0;
    let most = 0;
    const talk = await open(
      (stream) => {
        underWay += 1;
        most = Math.max(most, underWay);
        setTimeout(() => {
          underWay -= 1;
          stream.respond({ ':status': 204 }, { endStream: true });
        }, 5);
      },
      many,
      { settings: { maxConcurrentStreams: 3 } },
    );
    const answers = await Promise.all(Array.from({ length: 30 }, () => talk.ask()));
    expect(answers.every((answer) => 'status' in answer && answer.status === 204)).toBe(true);
    expect(most).toBe(3);
  });

  it('ends in good order when the server goes away, after what is under way', async () => {
    const talk = await open((stream) => {
      stream.session?.goaway();
      setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 20);
    }, many);
    expect(await talk.ask()).toMatchObject({ status: 200 });
    expect(await talk.closed).toEqual({ kind: null, message: '' });
    expect(talk.connection.capacity).toBe(0);
  });

  it('tells of a stream that was reset, and goes on with the others', async () => {
    let count = 0;
    const talk = await open((stream) => {
      count += 1;
      if (count === 1) stream.close(7);
      else stream.respond({ ':status': 200 }, { endStream: true });
    });
    expect(await talk.ask()).toEqual({
      kind: 'reset',
      message: 'the server reset the stream (REFUSED_STREAM)',
      bytes: 0,
    });
    expect(await talk.ask()).toMatchObject({ status: 200 });
  });

  it('takes interim answers, trailers, answers to HEAD and padding for what they are', async () => {
    for (const method of ['GET', 'HEAD']) {
      const talk = await open(
        (stream) => {
          stream.additionalHeaders({ ':status': 103, link: '</x>' });
          const head = { ':status': 200, 'content-length': 5 };
          stream.respond(head, { waitForTrailers: method === 'GET', endStream: method === 'HEAD' });
          stream.on('wantTrailers', () => stream.sendTrailers({ checksum: '1' }));
          if (method === 'GET') stream.end('12345');
        },
        { request: { method } },
        { paddingStrategy: constants.PADDING_STRATEGY_MAX },
      );
      expect(await talk.ask()).toMatchObject({ status: 200 });
    }
  });

  it('refuses an answer that is larger than allowed', async () => {
    const large = await open(
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end(Buffer.alloc(100_000));
      },
      { maxBodyBytes: 50_000 },
    );
    expect(await large.ask()).toMatchObject({ kind: 'too-large', message: 'its body is larger than 50000 bytes' });
    expect(await large.closed).toMatchObject({ kind: 'closed' });
    const long = await open(
      (stream) => {
        stream.respond({ ':status': 200, 'x-long': 'a'.repeat(5_000) }, { endStream: true });
      },
      { maxHeadBytes: 1_000 },
    );
    expect(await long.ask()).toMatchObject({ kind: 'too-large' });
  });

  it('forgets an abandoned request, and the connection goes on', async () => {
    let count = 0;
    const talk = await open((stream) => {
      count += 1;
      if (count > 1) stream.respond({ ':status': 200 }, { endStream: true });
    });
    talk.connection.send(0, 77);
    expect(talk.connection.capacity).toBe(0);
    talk.connection.abandon(77);
    expect(await talk.ask()).toMatchObject({ status: 200 });
    expect(talk.events).not.toContain(77);
  });

  it('speaks over TLS when the server agrees, and says so when it does not', async () => {
    const { key, certificate } = await certificates();
    const tls = { verify: true, ca: certificate, certificate: null, key: null, serverName: 'localhost' };
    const openTo = async (server: Server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const { port } = server.address() as AddressInfo;
      return Conversation.open(prepare, planFor(`https://127.0.0.1:${port}/`, { tls }));
    };
    const server = createSecureServer({ key, cert: certificate });
    server.on('stream', (stream) => stream.respond({ ':status': 200 }, { endStream: true }));
    expect(await (await openTo(server)).ask()).toMatchObject({ status: 200 });
    const other = await openTo(createTlsServer({ key, cert: certificate }));
    const message = 'the server does not agree to speak HTTP/2 (ALPN)';
    expect(await other.closed).toEqual({ kind: 'tls', message });
  });

  it('names what is wrong with a server that speaks something else', async () => {
    const { url } = await faultServer(answer);
    const talk = await Conversation.open(prepare, planFor(url));
    expect(await talk.closed).toEqual({ kind: 'malformed', message: 'the server speaks HTTP/1' });
  });
});
