import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeltaDiscoveryRequestSchema } from '../../gen/envoy/service/discovery/v3/discovery_pb.js';
import { NameLists } from './name-lists.ts';
import { scanDeltaRequest, textsOf } from './scan-delta-request.ts';

const encode = (fields: Parameters<typeof create<typeof DeltaDiscoveryRequestSchema>>[1]) =>
  Buffer.from(toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, fields)));

test('a scan finds what decoding finds', () => {
  const request = fc.record({
    typeUrl: fc.string({ unit: 'grapheme' }),
    responseNonce: fc.string(),
    resourceNamesSubscribe: fc.array(fc.string({ unit: 'grapheme', maxLength: 300 })),
    resourceNamesUnsubscribe: fc.array(fc.string()),
  });
  fc.assert(
    fc.property(request, (fields) => {
      const scan = scanDeltaRequest(encode(fields));
      expect(scan).toMatchObject({ typeUrl: fields.typeUrl, nonce: fields.responseNonce });
      expect([...textsOf(scan?.subscribe ?? Buffer.alloc(0))]).toEqual(fields.resourceNamesSubscribe);
      expect([...textsOf(scan?.unsubscribe ?? Buffer.alloc(0))]).toEqual(fields.resourceNamesUnsubscribe);
    }),
  );
});

test('a scan gives up on what only decoding reads, and on what is no request', () => {
  expect(scanDeltaRequest(encode({ node: { id: 'p' } }))).toBeUndefined();
  expect(scanDeltaRequest(encode({ errorDetail: { message: 'bad' } }))).toBeUndefined();
  expect(scanDeltaRequest(encode({ initialResourceVersions: { a: '1' } }))).toBeUndefined();
  expect(scanDeltaRequest(Buffer.from([0x1a, 0x05, 0x61]))).toBeUndefined();
});

test('clients that list the same many names get the same set', () => {
  const lists = new NameLists();
  const run = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `outbound|80||service-${index}`);
    return scanDeltaRequest(encode({ resourceNamesSubscribe: names }))?.subscribe ?? Buffer.alloc(0);
  };
  const first = lists.read(run(100), textsOf);
  expect(first.names.size).toBe(100);
  expect(lists.read(run(100), textsOf)).toBe(first);
  expect(lists.read(run(101), textsOf).names.size).toBe(101);
});
