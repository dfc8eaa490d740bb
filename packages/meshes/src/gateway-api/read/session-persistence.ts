import { type FieldReader, isHeaderName, type SessionPersistence } from '@meshwise/model';
import { readGatewayDurationMs } from './durations.ts';

const MAX_NAME = 128;

/** A rule's `sessionPersistence` (GEP-1619). `fallbackName` is that of sessions that have none of their own. */
export function readSessionPersistence(rule: FieldReader, fallbackName: string): SessionPersistence | undefined {
  const field = rule.object('sessionPersistence');
  if (field === undefined) return undefined;
  const name = field.string('sessionName') ?? fallbackName;
  const type = field.string('type') ?? 'Cookie';
  const timeoutMs = readGatewayDurationMs(field, 'absoluteTimeout');
  const lifetimeType = readLifetimeType(field);
  field.rest();
  if (type !== 'Cookie' && type !== 'Header') {
    field.invalid('type', 'is neither Cookie nor Header');
    return undefined;
  }
  if (!isHeaderName(name) || name.length > MAX_NAME) {
    field.invalid('sessionName', 'is no name of a cookie or a header');
    return undefined;
  }
  if (type === 'Header') {
    if (field.has('absoluteTimeout')) field.unsupported('absoluteTimeout', 'ends no session that a header carries');
    if (field.has('cookieConfig')) field.invalid('cookieConfig', 'is for cookies');
    return { kind: 'header', name };
  }
  if (lifetimeType === 'Permanent' && timeoutMs === undefined)
    field.invalid('absoluteTimeout', 'is missing: a permanent cookie needs it');
  if (lifetimeType === 'Session' && timeoutMs !== undefined)
    field.info('absoluteTimeout', 'is kept by the cookie itself, which then outlives the session of the browser');
  // Cookies of a rule are for all of its paths, and their name is the rule's own.
  return { kind: 'cookie', name, path: '/', ...(timeoutMs === undefined ? {} : { lifetimeMs: timeoutMs }) };
}

function readLifetimeType(field: FieldReader): string {
  const config = field.object('cookieConfig');
  const type = config?.string('lifetimeType') ?? 'Session';
  config?.rest();
  if (type !== 'Session' && type !== 'Permanent') config?.invalid('lifetimeType', 'is neither Session nor Permanent');
  return type;
}
