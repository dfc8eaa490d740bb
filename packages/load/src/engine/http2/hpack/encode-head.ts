import { encodeInteger } from './integer.ts';
import { type Field, STATIC_TABLE } from './static-table.ts';

/**
 * A header block that means the same on every connection and at any time, since it leaves the dynamic table alone: it can be made
 * once and sent again and again. Literals are not indexed (RFC 7541 6.2.2), or never when they are secrets (6.2.3).
 */
export function encodeHead(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

/** RFC 7541 6.3: the server need not keep a table for us. Stands before the first block of a connection. */
export const NO_TABLE = Buffer.from(encodeInteger(0, 5, 0x20));

const SECRET = /^(authorization|proxy-authorization|cookie)$/;

function encodeField(field: Field): Buffer {
  const whole = STATIC_TABLE.findIndex(
    ({ name, value }) => name === field.name && value === field.value && value !== '',
  );
  if (whole !== -1) return Buffer.from(encodeInteger(whole + 1, 7, 0x80));
  const flags = SECRET.test(field.name) ? 0x10 : 0;
  const named = STATIC_TABLE.findIndex(({ name }) => name === field.name);
  const name =
    named === -1
      ? Buffer.concat([Buffer.from([flags]), encodeText(field.name)])
      : Buffer.from(encodeInteger(named + 1, 4, flags));
  return Buffer.concat([name, encodeText(field.value)]);
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.from(encodeInteger(bytes.length, 7, 0)), bytes]);
}
