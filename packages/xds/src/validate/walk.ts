/** Visits every message inside a message, also those packed into `Any`, with the path at which it stands. */
import { isMessage, type Message } from '@bufbuild/protobuf';
import { type Any, AnySchema, anyUnpack } from '@bufbuild/protobuf/wkt';
import { registry } from '../../gen/registry.js';

export type Visitor = (message: Message, path: string) => void;

export function walk(message: Message, visit: Visitor, path = ''): void {
  if (isMessage(message, AnySchema)) {
    const content = unpacked(message);
    if (content !== undefined) walk(content, visit, path);
    return;
  }
  visit(message, path);
  for (const [field, value] of Object.entries(message)) {
    if (!field.startsWith('$')) walkValue(value, visit, path === '' ? field : `${path}.${field}`);
  }
}

/** What we do not know is not looked into; Envoy will judge it. */
function unpacked(any: Any): Message | undefined {
  try {
    return anyUnpack(any, registry);
  } catch {
    return undefined;
  }
}

function walkValue(value: unknown, visit: Visitor, path: string): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walkValue(item, visit, `${path}[${index}]`);
  } else if (isMessage(value)) {
    walk(value, visit, path);
  } else if ('case' in value && 'value' in value) {
    // A oneof: its case is the name of the field.
    const parent = path.slice(0, path.lastIndexOf('.') + 1);
    walkValue(value.value, visit, `${parent}${value.case}`);
  } else {
    for (const [key, item] of Object.entries(value)) walkValue(item, visit, `${path}[${JSON.stringify(key)}]`);
  }
}
