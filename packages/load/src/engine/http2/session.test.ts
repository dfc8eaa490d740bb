import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../failure.ts';
import { encodeHttp2Request } from './encode-request.ts';
import { FLAG, FRAME, frame, PREFACE, SETTING, settingsFrame, windowUpdateFrame } from './frames.ts';
import { readHttpEnd } from './read-end.ts';
import { Session } from './session.ts';

const LIMITS = { maxHeadBytes: 4_096, maxBodyBytes: 100_000, streamsPerConnection: 4 };
const OK = Buffer.from([0x88]);
const NOTHING = Buffer.alloc(0);
const GET = encodeHttp2Request({
  ...{ weight: 1, method: 'GET', authority: 'a', scheme: 'http', path: '/', headers: [], body: null },
});

/** A session over a socket that goes nowhere; what a server would say is put into it. */
function session() {
  const said: (string | Failure | null)[] = [];
  let isOver = false;
  const socket = new PassThrough();
  const events = {
    ready: () => said.push('ready'),
    free: () => {},
    done: (token: number, status: number) => said.push(`${token}: ${status}`),
    failed: (token: number, { kind }: Failure) => said.push(`${token}: ${kind}`),
    over: (failure: Failure | null) => {
      isOver = true;
      said.push(failure);
    },
    isOver: () => isOver,
  };
  const talk = new Session(socket as unknown as Socket, LIMITS, readHttpEnd, events);
  const hear = (...frames: readonly Uint8Array[]) => {
    const bytes = Buffer.concat(frames);
    if (!isOver) talk.read(bytes, bytes.length);
  };
  return { talk, said, hear, sent: () => socket.read() as Buffer | null };
}

const headers = (stream: number, flags: number = FLAG.endHeaders | FLAG.endStream) =>
  frame(FRAME.headers, flags, stream, OK);
const uint32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, at * 4);
  return bytes;
};

describe('a session', () => {
  it('has no room before the server has said its settings', () => {
    const { talk, said, hear } = session();
    expect(talk.capacity).toBe(0);
    hear(settingsFrame([[SETTING.maxConcurrentStreams, 2]]));
    expect([talk.capacity, said]).toEqual([2, ['ready']]);
  });

  it('reads the same frames however they are cut', () => {
    const bytes = Buffer.concat([
      settingsFrame([]),
      frame(FRAME.headers, 0, 1, NOTHING),
      frame(FRAME.continuation, FLAG.endHeaders, 1, OK),
      frame(FRAME.data, FLAG.padded, 1, Buffer.from([3, 1, 2, 0, 0, 0])),
      frame(0xbe, 0, 9, Buffer.alloc(100)),
      frame(FRAME.data, FLAG.endStream, 1, Buffer.alloc(16_384)),
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (cuts) => {
        const { talk, said, hear } = session();
        talk.send(GET, 5);
        let at = 0;
        for (const size of cuts) {
          hear(bytes.subarray(at, at + size));
          at += size;
        }
        hear(bytes.subarray(at));
        expect(said).toEqual(['ready', '5: 200']);
      }),
    );
  });

  it('answers PING and SETTINGS, and sends everything of one turn in one write', async () => {
    const { hear, sent } = session();
    hear(settingsFrame([]), frame(FRAME.ping, 0, 0, Buffer.from('12345678')));
    await null;
    const bytes = sent() ?? NOTHING;
    expect(bytes.subarray(0, PREFACE.length)).toEqual(PREFACE);
    const rest = Buffer.concat([
      frame(FRAME.settings, FLAG.ack, 0, NOTHING),
      frame(FRAME.ping, FLAG.ack, 0, Buffer.from('12345678')),
    ]);
    expect(bytes.subarray(-rest.length)).toEqual(rest);
  });

  it('lets what is under way end when the server goes away, and fails what it will not do', () => {
    const { talk, said, hear } = session();
    hear(settingsFrame([]));
    for (const token of [1, 2]) talk.send(GET, token);
    hear(frame(FRAME.goAway, 0, 0, uint32(1, 0)));
    expect([said.slice(1), talk.capacity]).toEqual([['2: closed'], 0]);
    hear(headers(1));
    expect(said.slice(2)).toEqual(['1: 200', null]);
  });

  it.each<[string, readonly Buffer[]]>([
    ['settings that come second', [headers(1), settingsFrame([])]],
    ['a frame that is too long', [Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 1])]],
    ['an answer to nothing', [settingsFrame([]), headers(3)]],
    ['a stream of the server', [settingsFrame([]), headers(2)]],
    ['a pushed answer', [settingsFrame([]), frame(FRAME.pushPromise, FLAG.endHeaders, 1, uint32(2))]],
    ['something in the middle of a head', [settingsFrame([]), headers(1, 0), frame(FRAME.ping, 0, 0, uint32(1, 2))]],
    ['a continuation of nothing', [settingsFrame([]), frame(FRAME.continuation, 0, 1, OK)]],
    ['a body before its head', [settingsFrame([]), frame(FRAME.data, 0, 1, OK)]],
    ['more padding than there is', [settingsFrame([]), frame(FRAME.headers, FLAG.padded, 1, Buffer.from([9, 0]))]],
    ['a window beyond all bounds', [settingsFrame([]), windowUpdateFrame(0, 0x7fff_ffff)]],
    ['a window widened by nothing', [settingsFrame([]), windowUpdateFrame(1, 0)]],
    ['half a setting', [frame(FRAME.settings, 0, 0, Buffer.alloc(4))]],
    ['a short RST_STREAM', [settingsFrame([]), frame(FRAME.resetStream, 0, 1, OK)]],
  ])('is over after %s', (_, frames) => {
    const { talk, said, hear } = session();
    talk.send(GET, 1);
    hear(...frames);
    expect(said.filter((one) => typeof one !== 'string')).toHaveLength(1);
    talk.failAll({ kind: 'closed', message: '' });
    expect(said.filter((one) => typeof one === 'string' && one.startsWith('1: '))).toHaveLength(1);
  });

  it('bounds a head that goes on and on, also in empty frames', () => {
    const { talk, said, hear } = session();
    talk.send(GET, 1);
    hear(settingsFrame([]), headers(1, 0));
    for (let at = 0; at < 1_000; at++) hear(frame(FRAME.continuation, 0, 1, NOTHING));
    expect(said).toMatchObject(['ready', '1: too-large', { kind: 'closed' }]);
  });

  it('says exactly one thing about each request, whatever comes', () => {
    const kinds = fc.integer({ min: 0, max: 10 });
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constant(new Uint8Array(OK)),
      fc.constant(new Uint8Array(4)),
    );
    const any = fc.record({ kind: kinds, flags: fc.nat(255), stream: fc.nat(12), payload });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), fc.uint8Array({ maxLength: 20 }), (frames, garbage) => {
        const { talk, said, hear } = session();
        hear(settingsFrame([]));
        for (const token of [1, 2, 3, 4]) talk.send(GET, token);
        for (const { kind, flags, stream, payload: bytes } of frames) hear(frame(kind, flags, stream, bytes));
        hear(garbage);
        talk.failAll({ kind: 'closed', message: '' });
        const about = said.filter((one) => typeof one === 'string' && one !== 'ready').map((one) => String(one)[0]);
        expect(about.sort()).toEqual(['1', '2', '3', '4']);
      }),
      { numRuns: 2_000 },
    );
  });
});
