import { create } from '@bufbuild/protobuf';
import { type CidrRange, CidrRangeSchema } from '../../gen/envoy/config/core/v3/address_pb.js';

/** RFC 4632: an address, with the length of its prefix; without, the address alone. */
export function cidr(text: string): CidrRange {
  const [addressPrefix = '', length] = text.split('/', 2);
  const whole = addressPrefix.includes(':') ? 128 : 32;
  return create(CidrRangeSchema, {
    addressPrefix,
    prefixLen: length === undefined ? whole : Number(length),
  });
}
