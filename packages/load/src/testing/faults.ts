import { systemClock } from '@meshwise/core';

import { type Misbehave, OK } from './fault-server.ts';

/** Answers as a server should. */
export const answer: Misbehave = (socket) => void socket.write(OK);

/** Takes requests and says nothing. */
export const stall: Misbehave = () => {};

/** Ends the connection with a RST segment in place of an answer. */
export const reset: Misbehave = (socket) => void socket.resetAndDestroy();

/** Ends the connection in good order in place of an answer. */
export const closeEarly: Misbehave = (socket) => void socket.end();

/** Ends the connection in the middle of a body. */
export const closeInBody: Misbehave = (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');

/** Says what is no HTTP. */
export const garbage: Misbehave = (socket) => void socket.write('\x00\x01SSH-2.0-nonsense\r\n\r\n');

/** Sends a byte now and then, and never comes to an end. */
export const drip: Misbehave = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n');
  const next = () => {
    if (!socket.destroyed) socket.write('.', () => systemClock.after(20, next));
  };
  next();
};

/** Sends a body without an end as fast as it is taken. */
export const flood: Misbehave = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  const piece = Buffer.alloc(65_536, 0x2e);
  const next = () => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', next);
  };
  next();
};

/** Sends a head without an end. */
export const floodHead: Misbehave = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\n');
  const piece = `X-More: ${'a'.repeat(1_000)}\r\n`;
  const next = () => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', next);
  };
  next();
};

/** Answers with this status. */
export function refuse(status: number): Misbehave {
  return (socket) => void socket.write(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
}

/** Answers after the delay that the distribution gives for each request. */
export function delayed(delayMs: (request: number) => number): Misbehave {
  return (socket, request) => {
    const ms = delayMs(request);
    if (ms === 0) socket.write(OK);
    else systemClock.after(ms, () => void socket.write(OK));
  };
}

/** Answers nobody for a while, once, from the first request after so many on; then all at once. */
export function stallOnce(afterRequests: number, stallMs: number): Misbehave {
  const waiting: (() => void)[] = [];
  let state: 'before' | 'stalled' | 'after' = 'before';
  return (socket, request) => {
    if (request >= afterRequests && state === 'before') {
      state = 'stalled';
      systemClock.after(stallMs, () => {
        state = 'after';
        for (const resume of waiting.splice(0)) resume();
      });
    }
    if (state === 'stalled') waiting.push(() => void socket.write(OK));
    else socket.write(OK);
  };
}
