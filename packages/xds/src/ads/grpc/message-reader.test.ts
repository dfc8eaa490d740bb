import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_MESSAGE_BYTES, MessageReader, messagePrefix } from './message-reader.ts';
import { GRPC_STATUS } from './status.ts';

function readAll(pieces: readonly Buffer[]): Buffer[] {
  const reader = new MessageReader();
  const messages: Buffer[] = [];
  for (const piece of pieces) expect(reader.push(piece, (message) => messages.push(message))).toBeUndefined();
  return messages;
}

test('messages are found however the data is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), fc.array(fc.nat(40)), (messages, cuts) => {
      const data = Buffer.concat(messages.flatMap((message) => [messagePrefix(message.length), message]));
      const pieces: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(data.subarray(at, at + cut));
        at += cut;
      }
      const found = readAll([...pieces, data.subarray(at)]);
      expect(found.map((message) => [...message])).toEqual(messages.map((message) => [...message]));
    }),
  );
});

test('a message that is too long, or compressed, ends the call with the status gRPC has for it', () => {
  const tooLong = new MessageReader().push(messagePrefix(MAX_MESSAGE_BYTES + 1), () => {});
  expect(tooLong?.code).toBe(GRPC_STATUS.RESOURCE_EXHAUSTED);
  const compressed = new MessageReader().push(Buffer.from([1, 0, 0, 0, 0]), () => {});
  expect(compressed?.code).toBe(GRPC_STATUS.UNIMPLEMENTED);
});
