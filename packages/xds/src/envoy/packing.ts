import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type Any, AnySchema, type Duration, DurationSchema } from '@bufbuild/protobuf/wkt';

/** A message packed as Envoy wants extension configuration. */
export function packed<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): Any {
  return create(AnySchema, {
    typeUrl: `type.googleapis.com/${schema.typeName}`,
    value: toBinary(schema, create(schema, init)),
  });
}

/** Envoy counts in nanoseconds of 64 bits: 292 years. What is longer than that means for ever, and is meant so. */
const MAX_DURATION_MS = 9_223_372_035_000;

export function durationOf(durationMs: number): Duration {
  const milliseconds = Math.min(durationMs, MAX_DURATION_MS);
  const seconds = Math.trunc(milliseconds / 1000);
  return create(DurationSchema, {
    seconds: BigInt(seconds),
    nanos: Math.round((milliseconds - seconds * 1000) * 1_000_000),
  });
}
