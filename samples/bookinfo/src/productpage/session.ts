/**
 * Who is signed in: a cookie that holds the name. Any password is accepted, so there is nothing a signature would protect;
 * the name's only use is the `end-user` header, by which meshes route this sample.
 */
import type { IncomingMessage } from 'node:http';

const cookieName = 'session';
const maxNameLength = 100;

/** Trimmed, without control characters, at most 100 characters; undefined when nothing is left. */
export function cleanUserName(text: string | null | undefined): string | undefined {
  const name = (text ?? '').replace(/\p{Cc}/gu, '').trim();
  return [...name].slice(0, maxNameLength).join('') || undefined;
}

export function sessionUser(request: IncomingMessage): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === cookieName && value) return cleanUserName(Buffer.from(value, 'base64url').toString('utf8'));
  }
  return undefined;
}

export function signInCookie(user: string): string {
  const value = Buffer.from(user, 'utf8').toString('base64url');
  return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax`;
}

export const signOutCookie = `${cookieName}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;

/** A header value is bytes: names beyond ASCII travel as UTF-8. */
export function endUserHeader(user: string): string {
  return Buffer.from(user, 'utf8').toString('latin1');
}
