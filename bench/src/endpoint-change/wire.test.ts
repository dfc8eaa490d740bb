import { create, type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf';
import { registry } from '@meshwise/xds';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deltaRequest, readDeltaHeader } from './wire.ts';

function schema(name: string): DescMessage {
  const found = registry.getMessage(`envoy.service.discovery.v3.${name}`);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const encode = (name: string, fields: Record<string, unknown>) =>
  Buffer.from(toBinary(schema(name), create(schema(name), fields)));

describe('what clients read by hand', () => {
  test('is what a generated decoder would have found', () => {
    const text = fc.string({ maxLength: 300 });
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 5 }), (typeUrl, nonce, names) => {
        const resources = names.map((name) => ({
          name,
          version: 'v',
          resource: { typeUrl, value: Buffer.alloc(500) },
        }));
        const bytes = encode('DeltaDiscoveryResponse', {
          typeUrl,
          nonce,
          resources,
          removedResources: ['x'],
        });
        expect(readDeltaHeader(bytes)).toEqual({ typeUrl, nonce, resources: names.length });
      }),
    );
  });

  test('is refused when it is cut short', () => {
    expect(() => readDeltaHeader(Buffer.from([0x22]))).toThrow(RangeError);
  });
});

describe('what clients write by hand', () => {
  test('is what a generated encoder would have written', () => {
    const written = deltaRequest({
      node: 'n'.repeat(200),
      typeUrl: 't',
      subscribe: ['a', 'b'.repeat(130)],
      nonce: '7',
    });
    expect(fromBinary(schema('DeltaDiscoveryRequest'), written)).toMatchObject({
      node: { id: 'n'.repeat(200) },
      typeUrl: 't',
      resourceNamesSubscribe: ['a', 'b'.repeat(130)],
      responseNonce: '7',
    });
  });
});
