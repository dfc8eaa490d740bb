import { MeshwiseError } from '@meshwise/core';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { LoadPlan } from '../plan/plan.ts';
import type { ToWorker } from '../run/contract.ts';

const Message = Type.Union([
  Type.Object({
    type: Type.Literal('run'),
    plan: Type.Unknown(),
    shard: Type.Object({
      index: Type.Integer({ minimum: 0, maximum: 63 }),
      count: Type.Integer({ minimum: 1, maximum: 64 }),
    }),
  }),
  Type.Object({ type: Type.Literal('start'), atNs: Type.Number({ minimum: 0 }) }),
  Type.Object({ type: Type.Literal('stop') }),
]);

/** What a coordinator said. Throws MW8005 for what is no message. */
export function readToWorker(line: string): ToWorker {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch (cause) {
    throw new MeshwiseError('MW8005', 'A worker was told something that is no JSON.', {}, { cause });
  }
  if (Value.Check(Message, message)) return message;
  throw new MeshwiseError('MW8005', 'A worker was told something that is no message to it.');
}

/** A plan as it came, which is then known to be one. Throws MW8001 with the field that is wrong. */
export function readPlan(plan: unknown): LoadPlan {
  if (Value.Check(LoadPlan, plan)) return plan;
  const [first] = Value.Errors(LoadPlan, plan);
  const field = first?.instancePath.slice(1).replaceAll('/', '.');
  throw new MeshwiseError('MW8001', `This is no load plan: ${first?.message ?? 'it has another form'}.`, { field });
}
