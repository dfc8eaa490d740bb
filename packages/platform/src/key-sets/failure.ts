import { MeshwiseError } from '@meshwise/core';

const LONGEST_SHOWN = 200;

export function failure(address: string, reason: string, cause?: unknown): MeshwiseError {
  const summary = `keys could not be fetched from ${shortly(withoutPassword(address))}: ${reason}`;
  return new MeshwiseError('MW4101', summary, {}, cause === undefined ? {} : { cause });
}

/** An address may name a user with a password (RFC 3986, 3.2.1); logs and conditions are read by others. */
export function withoutPassword(address: string): string {
  return address.replace(/(?<=:\/\/)[^/?#]*@/, '');
}

/** What somebody else has sent, for a message: neither long nor with control characters, which a terminal would obey. */
export function shortly(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escaped.length > LONGEST_SHOWN ? `${escaped.slice(0, LONGEST_SHOWN)}…` : escaped;
}
