import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { registry, rulesOf } from '@meshwise/xds';
import { expect, test } from 'vitest';
import { interestsOf } from './interests.ts';
import { resourceNames } from './response.ts';

const RESPONSE = registry.getMessage('envoy.service.discovery.v3.DeltaDiscoveryResponse');

function response(type: 'CDS' | 'RDS', resources: readonly Record<string, unknown>[]): Buffer {
  if (RESPONSE === undefined) throw new Error('no response type');
  const { schema } = rulesOf(type);
  const encoded = resources.map((init) => ({
    version: '1',
    name: init['name'],
    resource: anyPack(schema, create(schema, init)),
  }));
  return Buffer.from(toBinary(RESPONSE, create(RESPONSE, { resources: encoded, nonce: 'n' })));
}

const eds = (name: string) => ({
  name,
  clusterDiscoveryType: { case: 'type', value: 3 },
  edsClusterConfig: { serviceName: `of ${name}` },
});

test('names of resources are found without decoding them', () => {
  expect(resourceNames(response('CDS', [eds('a'), eds('b')]))).toEqual(['a', 'b']);
});

test('a client asks for the endpoints of clusters that have them from discovery, by their service name', () => {
  const fixed = { name: 'fixed', clusterDiscoveryType: { case: 'type', value: 0 } };
  expect(interestsOf('CDS', response('CDS', [eds('a'), fixed]))).toEqual([{ type: 'EDS', names: ['of a'] }]);
});

test('a client asks for virtual hosts only when its routes discover them', () => {
  expect(interestsOf('RDS', response('RDS', [{ name: 'r' }]))).toEqual([]);
  expect(interestsOf('RDS', response('RDS', [{ name: 'r', vhds: {} }]))).toEqual([{ type: 'VHDS', names: [] }]);
});
