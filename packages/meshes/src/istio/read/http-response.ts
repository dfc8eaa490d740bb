import type { FieldReader, RuleAction } from '@meshwise/model';
import { readWhole, STATUSES } from './numbers.ts';

type Response = Extract<RuleAction, { readonly kind: 'respond' }>;

/** The most that Istio accepts and a proxy is told to keep. */
const MAX_BODY_BYTES = 1024 * 1024;

/** `directResponse` of an HTTP rule; undefined, and reported, when it cannot be given. */
export function readResponse(field: FieldReader): Response | undefined {
  const status = readWhole(field, 'status', STATUSES);
  if (!field.has('status')) field.invalid('status', 'is missing');
  const bodyField = field.object('body');
  const body = bodyField === undefined ? {} : readBody(bodyField);
  bodyField?.rest();
  field.rest();
  return status === undefined || body === undefined ? undefined : { kind: 'respond', status, ...body };
}

function readBody(field: FieldReader): Pick<Response, 'body' | 'bodyBase64'> | undefined {
  const text = field.string('string');
  const base64 = field.string('bytes');
  if (text !== undefined) {
    if (new TextEncoder().encode(text).byteLength <= MAX_BODY_BYTES) return { body: text };
    field.invalid('string', 'is longer than 1 MiB');
    return undefined;
  }
  if (base64 === undefined) return field.has('string') || field.has('bytes') ? undefined : {};
  const bytes = decoded(base64);
  if (bytes === undefined || bytes.byteLength > MAX_BODY_BYTES) {
    field.invalid('bytes', bytes === undefined ? 'is no base64' : 'is longer than 1 MiB');
    return undefined;
  }
  return { bodyBase64: base64 };
}

function decoded(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
