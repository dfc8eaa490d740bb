import type { LogFields, Logger } from '@meshwise/core';
import { pino } from 'pino';

/** JSON lines on standard error; fields that could hold secrets never get that far, and are cut if they do. */
export function createLogger(level: string): Logger {
  const redact = { paths: ['token', 'privateKeyPem', 'authorization', 'cookie'], censor: '[redacted]' };
  return wrap(pino({ level, redact }, pino.destination({ fd: 2, sync: true })));
}

function wrap(log: ReturnType<typeof pino>): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) =>
      log[level](fields, message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(log.child(fields)),
  };
}
